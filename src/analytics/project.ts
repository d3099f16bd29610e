import { AppError } from '../platform/errors.ts'
import { readVersions } from '../platform/log/read-versions.ts'
import { type Queryable, withPostgres } from '../platform/postgres/pool.ts'
import { fold, type Gap } from './fold.ts'
import { changesOf } from './log-changes.ts'
import { type Projection, readReviews, takeSteps } from './projection-store.ts'
import type { ReviewChange } from './review-state.ts'

/** How often a batch is begun again, because someone else changed one of its reviews meanwhile. */
const maxRounds = 10

/**
 * Applies changes to the projection, exactly once each: repeats are absorbed, and what is missing before a change is
 * read from the log and applied first. Returns the version that each review has reached; one that stays below a
 * change's version has a gap there that the log cannot fill.
 */
export async function project(
  db: Queryable,
  projection: Projection,
  changes: readonly ReviewChange[],
): Promise<ReadonlyMap<string, number>> {
  const byReview = Map.groupBy(changes, ({ reviewId }) => reviewId)
  for (let round = 0; round < maxRounds; round++) {
    const states = await withPostgres(() => readReviews(db, projection, [...byReview.keys()]))
    const foldAll = (more: ReadonlyMap<string, readonly ReviewChange[]>) =>
      [...byReview].map(([reviewId, came]) =>
        fold(reviewId, states.get(reviewId) ?? null, more.get(reviewId) ?? came),
      )

    const folded = foldAll(byReview)
    const gaps = folded.flatMap(({ gap }) => gap ?? [])
    const filled = gaps.length === 0 ? folded : foldAll(await fillGaps(db, byReview, gaps))

    const steps = filled.flatMap(({ step }) => step ?? [])
    const taken = steps.length === 0 ? 0 : await withPostgres(() => takeSteps(db, projection, steps))
    if (taken === steps.length) {
      return new Map([
        ...[...states].map(([reviewId, { version }]) => [reviewId, version] as const),
        ...steps.map(({ reviewId, after }) => [reviewId, after.version] as const),
      ])
    }
  }
  throw new AppError('conflict', 'retryable', 'others go on changing the same reviews')
}

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
