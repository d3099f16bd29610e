import { randomUUIDv7 } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import type { Origin } from '../platform/log/new-event.ts'
import { MicroBatcher } from '../platform/postgres/micro-batcher.ts'
import { isUniqueViolation, type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { Turns } from '../platform/turns.ts'
import { findRemembered, type Idempotency } from './idempotency.ts'
import {
  create,
  type Decision,
  type NewReview,
  type Review,
  type ReviewChanges,
  remove,
  update,
} from './review.ts'
import { toBody } from './review-body.ts'
import { findLiveReview, findReviews } from './stored-review.ts'
import { toEvent } from './to-event.ts'
import { type Change, changeReviews, type Insert, insertReviews, type Written } from './write-reviews.ts'

export interface Created {
  readonly reviewId: string
  readonly position: number
  /** The review as it is answered, JSON text. */
  readonly response: string
  /** Whether this is the answer of an earlier request with the same key. */
  readonly replayed: boolean
}

export interface Changed {
  /** As the command left it. */
  readonly review: Review
  /** The position of the event; null where nothing changed. */
  readonly position: number | null
}

/** Who changes a review, and when they may. */
export interface ChangeTerms {
  /** The acting user; null lets the author act, where the API is open. */
  readonly by: string | null
  readonly permits: (review: Review) => boolean
  /** Whether the client still wants its command at this version (`If-Match`). */
  readonly accepts: (version: number) => boolean
}

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
  /** Told of each batch that was committed. */
  readonly onBatch?: (size: number, seconds: number) => void
}

const limits = { maxBatch: 128, maxWaiting: 2_000 }
const maxInLine = 256
// Against writers of other processes: those of this one take turns.
const attempts = 20

/** The commands of the write side: each is decided by `review.ts` and written with its event in one statement. */
export class ReviewWriter {
  readonly #db: Pool
  readonly #now: () => Date
  readonly #inserts: MicroBatcher<Insert, Written>
  readonly #changes: MicroBatcher<Change, Written>
  readonly #finds: MicroBatcher<string, Review | null>
  readonly #turns = new Turns({ maxLength: maxInLine })

  constructor({ db, now, onBatch }: ReviewWriterOptions) {
    const options = { ...limits, ...(onBatch && { onBatch }) }
    this.#finds = new MicroBatcher({ ...limits, run: (ids) => findReviews(db, ids) })
    this.#db = db
    this.#now = now
    this.#inserts = new MicroBatcher({ ...options, run: (batch) => insertReviews(db, batch) })
    this.#changes = new MicroBatcher({ ...options, run: (batch) => changeReviews(db, batch) })
  }

  /** @throws {AppError} `review_already_exists` (a `ReviewAlreadyExists`), `idempotency_key_reused`, `unavailable` */
  create(
    wanted: Omit<NewReview, 'review_id'>,
    terms: { by: string; idempotency: Idempotency | null },
    origin: Origin,
  ): Promise<Created> {
    const { idempotency } = terms
    const work = () => this.#create(wanted, terms, origin)
    // Two of one key in a batch would make it fail, and be run one by one: no client may do that to the others.
    return idempotency ? this.#turns.take(`key ${idempotency.caller} ${idempotency.key}`, work) : work()
  }

  async #create(
    wanted: Omit<NewReview, 'review_id'>,
    { by, idempotency }: { by: string; idempotency: Idempotency | null },
    origin: Origin,
  ): Promise<Created> {
    const reviewId = randomUUIDv7()
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const decision = create({ review_id: reviewId, ...wanted }, this.#now().toISOString())
      const response = JSON.stringify(toBody(decision.review))
      const event = toEvent(decision, by, origin)
      const written = await this.#insert({ review: decision.review, event, idempotency, response })
      if (written) return { reviewId, position: written.position, response, replayed: false }

      const earlier = idempotency && (await this.#replay(idempotency))
      if (earlier) return earlier
      const existing = await withPostgres(() => findLiveReview(this.#db, wanted))
      if (existing !== null) throw new ReviewAlreadyExists(existing)
      // What stood in the way is gone meanwhile.
    }
    throw contended()
  }

  /** @throws {AppError} `review_not_found`, `review_deleted`, `forbidden`, `version_mismatch`, `unavailable` */
  update(reviewId: string, changes: ReviewChanges, terms: ChangeTerms, origin: Origin): Promise<Changed> {
    return this.#change(reviewId, terms, origin, (review, by, at) => {
      if (review.deleted_at !== null) throw new AppError('review_deleted', 'fatal', 'the review was deleted')
      return update(review, changes, by, at)
    })
  }

  /** @throws {AppError} `review_not_found`, `forbidden`, `version_mismatch`, `unavailable` */
  remove(reviewId: string, reason: string | null, terms: ChangeTerms, origin: Origin): Promise<Changed> {
    return this.#change(reviewId, terms, origin, (review, by, at) => remove(review, by, reason, at))
  }

  async #insert(insert: Insert): Promise<Written> {
    try {
      return await withPostgres(() => this.#inserts.submit(insert))
    } catch (error) {
      // A request with this key, and another body, was first by a hair in another process.
      if (insert.idempotency && isUniqueViolation(error)) return null
      throw error
    }
  }

  async #replay(idempotency: Idempotency): Promise<Created | null> {
    const first = await withPostgres(() => findRemembered(this.#db, idempotency))
    if (!first) return null
    if (!first.requestHash.equals(idempotency.requestHash)) {
      throw new AppError(
        'idempotency_key_reused',
        'fatal',
        'the Idempotency-Key came with another body before',
      )
    }
    return { reviewId: first.reviewId, position: first.position, response: first.response, replayed: true }
  }

  /** Decides on what was read, writes where that still stands, and decides again where it does not. */
  #change(
    reviewId: string,
    terms: ChangeTerms,
    origin: Origin,
    decide: (review: Review, by: string, at: string) => Decision | null,
  ): Promise<Changed> {
    // A UUID may be written in either case, and is one thing all the same.
    return this.#turns.take(reviewId.toLowerCase(), async () => {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const review = await withPostgres(() => this.#finds.submit(reviewId))
        if (!review) throw new AppError('review_not_found', 'fatal', 'there is no such review')
        assertAllowed(review, terms)
        const by = terms.by ?? review.user_id
        const decision = decide(review, by, this.#now().toISOString())
        if (!decision) return { review, position: null }
        const moderator = by === review.user_id ? null : by
        const write = { review: decision.review, event: toEvent(decision, by, origin), moderator }
        const written = await withPostgres(() => this.#changes.submit(write))
        if (written) return { review: decision.review, position: written.position }
      }
      throw contended()
    })
  }
}

function assertAllowed(review: Review, { permits, accepts }: ChangeTerms): void {
  if (!permits(review)) throw new AppError('forbidden', 'fatal', 'the review is not yours to change')
  // To a deleted review nothing happens any more: a repeated deletion need not know its last version.
  if (review.deleted_at === null && !accepts(review.version)) {
    throw new AppError('version_mismatch', 'fatal', `the review is at version ${review.version} now`)
  }
}

function contended(): AppError {
  return new AppError('unavailable', 'retryable', 'too many others write the same review')
}
