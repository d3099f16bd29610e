import { randomUUIDv7 } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import { MicroBatcher } from '../platform/postgres/micro-batcher.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { Turns } from '../platform/turns.ts'
import {
  create,
  type Decision,
  type NewReview,
  type Review,
  type ReviewChanges,
  remove,
  update,
} from './review.ts'
import { findLiveReview, findReview } from './stored-review.ts'
import { changeReviews, insertReviews, type Write, type Written } from './write-reviews.ts'

/** Who asks, and in which trace: kept with the event. */
export interface Origin {
  /** The acting user; null lets the author act, in local mode. */
  readonly userId: string | null
  readonly correlationId: string
  readonly traceId: string
  readonly traceparent: string
}

/** The review as the command left it, and the position of its event; null where nothing changed. */
export interface Outcome {
  readonly review: Review
  readonly position: number | null
}

/** Whether the client still wants its command at this version (`If-Match`). */
export type Precondition = (version: number) => boolean

/** The user's live review of the entity, which is why there cannot be another. */
export class ReviewAlreadyExists extends AppError {
  readonly reviewId: string

  constructor(reviewId: string) {
    super('review_already_exists', 'fatal', 'the user has reviewed this already')
    this.reviewId = reviewId
  }
}

export interface ReviewWriterOptions {
  readonly db: Pool
  readonly now: () => Date
  readonly onBatch?: (size: number, seconds: number) => void
}

const maxBatch = 128
const maxWaiting = 2_000
const maxInLine = 256
// Against writers of other processes: those of this one take turns.
const attempts = 20

/** The commands of the write side: each is decided by `review.ts` and written in one statement with its event. */
export class ReviewWriter {
  readonly #db: Pool
  readonly #now: () => Date
  readonly #inserts: MicroBatcher<Write, Written>
  readonly #changes: MicroBatcher<Write, Written>
  readonly #turns = new Turns({ maxLength: maxInLine })

  constructor({ db, now, onBatch }: ReviewWriterOptions) {
    const limits = { maxBatch, maxWaiting, ...(onBatch ? { onBatch } : {}) }
    this.#db = db
    this.#now = now
    this.#inserts = new MicroBatcher({ ...limits, run: (batch) => insertReviews(db, batch) })
    this.#changes = new MicroBatcher({ ...limits, run: (batch) => changeReviews(db, batch) })
  }

  /** @throws {ReviewAlreadyExists} */
  async create(wanted: Omit<NewReview, 'review_id'>, origin: Origin): Promise<Outcome> {
    const created = { review_id: randomUUIDv7(), ...wanted }
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const decision = create(created, this.#now().toISOString())
      const position = await this.#write(this.#inserts, decision, wanted.user_id, origin)
      if (position !== null) return { review: decision.review, position }
      const existing = await withPostgres(() => findLiveReview(this.#db, wanted))
      if (existing !== null) throw new ReviewAlreadyExists(existing)
      // The other was deleted in between: there is room for this one now.
    }
    throw contended()
  }

  /** @throws {AppError} `review_not_found`, `review_deleted`, `version_mismatch` */
  update(reviewId: string, changes: ReviewChanges, accepts: Precondition, origin: Origin): Promise<Outcome> {
    return this.#change(reviewId, origin, (review, by, at) => {
      if (review.deleted_at !== null) throw new AppError('review_deleted', 'fatal', 'the review was deleted')
      assertAccepted(review, accepts)
      return update(review, changes, by, at)
    })
  }

  /** @throws {AppError} `review_not_found`, `version_mismatch` */
  remove(reviewId: string, reason: string | null, accepts: Precondition, origin: Origin): Promise<Outcome> {
    return this.#change(reviewId, origin, (review, by, at) => {
      if (review.deleted_at === null) assertAccepted(review, accepts)
      return remove(review, by, reason, at)
    })
  }

  /** Decides on what was read, writes where that still stands, and decides again where it does not. */
  #change(
    reviewId: string,
    origin: Origin,
    decide: (review: Review, by: string, at: string) => Decision | null,
  ): Promise<Outcome> {
    return this.#turns.take(reviewId, async () => {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const review = await withPostgres(() => findReview(this.#db, reviewId))
        if (!review) throw new AppError('review_not_found', 'fatal', 'there is no such review')
        const by = origin.userId ?? review.user_id
        const decision = decide(review, by, this.#now().toISOString())
        if (!decision) return { review, position: null }
        const position = await this.#write(this.#changes, decision, by, origin)
        if (position !== null) return { review: decision.review, position }
      }
      throw contended()
    })
  }

  async #write(
    batcher: MicroBatcher<Write, Written>,
    { review, event }: Decision,
    by: string,
    origin: Origin,
  ): Promise<number | null> {
    const write: Write = {
      review,
      event: {
        eventId: randomUUIDv7(),
        eventType: event.event_type,
        occurredAt: review.updated_at,
        aggregateType: 'Review',
        aggregateId: review.review_id,
        aggregateVersion: review.version,
        data: JSON.stringify(event.data),
        metadata: JSON.stringify({
          correlation_id: origin.correlationId,
          trace_id: origin.traceId,
          user_id: by,
        }),
        traceparent: origin.traceparent,
      },
    }
    const written = await withPostgres(() => batcher.submit(write))
    return written?.position ?? null
  }
}

function assertAccepted({ version }: Review, accepts: Precondition): void {
  if (accepts(version)) return
  throw new AppError('version_mismatch', 'fatal', `the review is at version ${version} now`)
}

function contended(): AppError {
  return new AppError('unavailable', 'retryable', 'too many others write the same review')
}
