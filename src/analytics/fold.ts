import { applyChange, type ReviewChange, type ReviewState } from './review-state.ts'

/** A review on its way from the version that the projection holds to a later one. */
export interface Step {
  readonly reviewId: string
  /** Null for a review that the projection does not hold yet. */
  readonly before: ReviewState | null
  readonly after: ReviewState
  /** The highest among the changes. */
  readonly position: number
  /** The latest among the changes. */
  readonly changedAt: string
}

/** Versions that are missing between what the projection holds and what came. */
export interface Gap {
  readonly reviewId: string
  readonly first: number
  readonly last: number
}

/**
 * How far one review comes with these changes, which may be repeated and in any order: a version that was applied
 * before is absorbed, the next one is applied, and what lies beyond a gap is left.
 */
export function fold(
  reviewId: string,
  before: ReviewState | null,
  changes: readonly ReviewChange[],
): { readonly step: Step | null; readonly gap: Gap | null } {
  const byVersion = new Map(changes.map((change) => [change.version, change]))
  const applied: ReviewChange[] = []
  let after = before
  for (;;) {
    const change = byVersion.get((after?.version ?? 0) + 1)
    const next = change ? applyChange(after, change) : null
    if (!change || !next) break
    applied.push(change)
    after = next
  }
  const reached = after?.version ?? 0
  const last = Math.max(reached, ...byVersion.keys())
  return {
    step: after && applied.length > 0 ? toStep(reviewId, before, after, applied) : null,
    gap: last > reached ? { reviewId, first: reached + 1, last } : null,
  }
}

function toStep(
  reviewId: string,
  before: ReviewState | null,
  after: ReviewState,
  applied: readonly ReviewChange[],
): Step {
  return {
    reviewId,
    before,
    after,
    position: Math.max(...applied.map(({ position }) => position)),
    changedAt: new Date(Math.max(...applied.map(({ at }) => Date.parse(at)))).toISOString(),
  }
}
