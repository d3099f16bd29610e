import { AppError } from '../platform/errors.ts'
import { readVersions } from '../platform/log/read-versions.ts'
import { type Queryable, withPostgres } from '../platform/postgres/pool.ts'
import { fold, type Gap } from './fold.ts'
import { changesOf } from './log-changes.ts'
import {
  type EntityRevision,
  type Projection,
  readReviews,
  type Taken,
  takeSteps,
} from './projection-store.ts'
import type { ReviewChange } from './review-state.ts'

/** How often a batch is begun again, because someone else changed one of its reviews meanwhile. */
const maxRounds = 10

export interface Projected {
  /** The version that each review has reached: one that stays below a change's has a gap that the log cannot fill. */
  readonly versions: ReadonlyMap<string, number>
  /** Entities whose statistics changed. Where others wrote meanwhile, some that changed are not among them. */
  readonly revisions: readonly EntityRevision[]
}

/**
 * Applies changes to the projection, exactly once each: repeats are absorbed, and what is missing before a change is
 * read from the log and applied first.
 */
export async function project(
  db: Queryable,
  projection: Projection,
  changes: readonly ReviewChange[],
): Promise<Projected> {
  const byReview = Map.groupBy(changes, ({ reviewId }) => reviewId)
  for (let round = 0; round < maxRounds; round++) {
    // What begins with a creation is taken to be new, so that nothing need be read; a repeat is found out.
    const known = [...byReview].flatMap(([reviewId, came]) =>
      round === 0 && came.some(({ version }) => version === 1) ? [] : reviewId,
    )
    const states = await withPostgres(() => readReviews(db, projection, known))
    const foldAll = (more: ReadonlyMap<string, readonly ReviewChange[]>) =>
      [...byReview].map(([reviewId, came]) =>
        fold(reviewId, states.get(reviewId) ?? null, more.get(reviewId) ?? came),
      )

    const folded = foldAll(byReview)
    const gaps = folded.flatMap(({ gap }) => gap ?? [])
    const filled = gaps.length === 0 ? folded : foldAll(await fillGaps(db, byReview, gaps))

    const steps = filled.flatMap(({ step }) => step ?? [])
    const taken = steps.length === 0 ? nothing : await withPostgres(() => takeSteps(db, projection, steps))
    if (taken.count === steps.length) {
      const versions = new Map([
        ...[...states].map(([reviewId, { version }]) => [reviewId, version] as const),
        ...steps.map(({ reviewId, after }) => [reviewId, after.version] as const),
      ])
      return { versions, revisions: taken.revisions }
    }
  }
  throw new AppError('conflict', 'retryable', 'others go on changing the same reviews')
}

const nothing: Taken = { count: 0, revisions: [] }

/** The changes of the reviews with a gap. From the gap on the log is believed alone, not what came. */
async function fillGaps(
  db: Queryable,
  byReview: ReadonlyMap<string, readonly ReviewChange[]>,
  gaps: readonly Gap[],
): Promise<Map<string, ReviewChange[]>> {
  const ranges = gaps.map(({ reviewId, first, last }) => ({ aggregateId: reviewId, first, last }))
  const stored = await withPostgres(() => readVersions(db, 'Review', ranges))
  const fromLog = changesOf(stored)
  const byId = Map.groupBy(fromLog, ({ reviewId }) => reviewId)
  return new Map(
    gaps.map(({ reviewId, first }) => [
      reviewId,
      [
        ...(byReview.get(reviewId) ?? []).filter(({ version }) => version < first),
        ...(byId.get(reviewId) ?? []),
      ],
    ]),
  )
}
