import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../platform/errors.ts'
import type { Origin } from '../platform/log/new-event.ts'
import { MicroBatcher } from '../platform/postgres/micro-batcher.ts'
import {
  appendingTransaction,
  isUniqueViolation,
  type Pool,
  withPostgres,
} from '../platform/postgres/pool.ts'
import { Turns } from '../platform/turns.ts'
import { findRemembered, type Idempotency, keyInProgress, keyReused } from './idempotency.ts'
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
import { findLiveReview, findReviewForUpdate, findReviews } from './stored-review.ts'
import { toEvent } from './to-event.ts'
import {
  type Change,
  changeReviews,
  type Insert,
  type Inserted,
  insertReviews,
  type Written,
} from './write-reviews.ts'

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
  /** Creates reviews. */
  readonly inserts: Pool
  readonly now: () => Date
  /** Told of each batch that was committed. */
  readonly onBatch?: (size: number, seconds: number) => void
}

const limits = { maxBatch: 128, maxWaiting: 2_000 }
const maxInLine = 256
const createAttempts = 20
// A write takes milliseconds. Who has waited a second for another with the same key is told to come again.
const keyPatienceMs = 1_000
/** So many of them are longer than a second. */
const keyPauseMs = (attempt: number) => attempt * 10
// Against writers of other processes: those of this one take turns.
const unlockedAttempts = 3

/** What a command makes of a review as it stands; null where it changes nothing. */
type Decide = (review: Review, by: string, at: string) => Decision | null

/**
 * The commands of the write side: each is decided by `review.ts` and written with its event in one statement, which is
 * a transaction of its own unless others write the same review all the time.
 */
export class ReviewWriter {
  readonly #db: Pool
  readonly #now: () => Date
  readonly #inserts: MicroBatcher<Insert, Inserted>
  readonly #changes: MicroBatcher<Change, Written>
  readonly #finds: MicroBatcher<string, Review | null>
  readonly #turns = new Turns({ maxLength: maxInLine })

  constructor({ db, inserts, now, onBatch }: ReviewWriterOptions) {
    const options = { ...limits, ...(onBatch && { onBatch }) }
    this.#finds = new MicroBatcher({ ...limits, run: (ids) => findReviews(db, ids) })
    this.#db = db
    this.#now = now
    this.#inserts = new MicroBatcher({ ...options, run: (batch) => insertReviews(inserts, batch) })
    this.#changes = new MicroBatcher({ ...options, run: (batch) => changeReviews(db, batch) })
  }

  /**
   * @throws {AppError} `review_already_exists` (a `ReviewAlreadyExists`), `idempotency_key_reused`,
   * `idempotency_in_progress` after about a second, `unavailable`
   */
  create(
    wanted: Omit<NewReview, 'review_id'>,
    terms: { by: string; idempotency: Idempotency | null },
    origin: Origin,
  ): Promise<Created> {
    const { idempotency } = terms
    const begun = performance.now()
    const work = () => this.#create(wanted, terms, origin, begun + keyPatienceMs)
    // Two of one key in a batch would make it fail, and be run one by one: no client may do that to the others.
    return idempotency
      ? this.#turns.take(`key ${idempotency.caller} ${idempotency.key}`, work, {
          milliseconds: keyPatienceMs,
          late: keyInProgress,
        })
      : work()
  }

  async #create(
    wanted: Omit<NewReview, 'review_id'>,
    { by, idempotency }: { by: string; idempotency: Idempotency | null },
    origin: Origin,
    deadline: number,
  ): Promise<Created> {
    const reviewId = randomUUIDv7()
    for (let attempt = 1; attempt <= createAttempts; attempt += 1) {
      const decision = create({ review_id: reviewId, ...wanted }, this.#now().toISOString())
      const response = JSON.stringify(toBody(decision.review))
      const event = toEvent(decision, by, origin)
      const written = await this.#insert({ review: decision.review, event, idempotency, response })
      if (written === 'in_progress') {
        if (performance.now() > deadline) throw keyInProgress()
        await pause(keyPauseMs(attempt))
        continue
      }
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

  async #insert(insert: Insert): Promise<Inserted> {
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
    if (!first.requestHash.equals(idempotency.requestHash)) throw keyReused()
    return { reviewId: first.reviewId, position: first.position, response: first.response, replayed: true }
  }

  /**
   * Decides on what was read, writes where that still stands, and decides again where it does not. Who is too late
   * again and again holds the row while deciding, so that no process that writes without pause can keep others out.
   */
  #change(reviewId: string, terms: ChangeTerms, origin: Origin, decide: Decide): Promise<Changed> {
    const attempt = async (
      review: Review | null,
      write: (change: Change) => Promise<Written | undefined>,
    ) => {
      if (!review) throw new AppError('review_not_found', 'fatal', 'there is no such review')
      assertAllowed(review, terms)
      const by = terms.by ?? review.user_id
      const decision = decide(review, by, this.#now().toISOString())
      if (!decision) return { review, position: null }
      const moderator = by === review.user_id ? null : by
      const written = await write({
        review: decision.review,
        event: toEvent(decision, by, origin),
        moderator,
      })
      return written && { review: decision.review, position: written.position }
    }
    // A UUID may be written in either case, and is one thing all the same.
    return this.#turns.take(reviewId.toLowerCase(), () =>
      withPostgres(async () => {
        for (let nth = 1; nth <= unlockedAttempts; nth += 1) {
          const changed = await attempt(await this.#finds.submit(reviewId), (change) =>
            this.#changes.submit(change),
          )
          if (changed) return changed
        }
        // One at a time, of all reviews: each waits on a connection of its own.
        const changed = await this.#turns.take('contended', () =>
          appendingTransaction(this.#db, async (client) =>
            attempt(await findReviewForUpdate(client, reviewId), async (change) =>
              (await changeReviews(client, [change])).at(0),
            ),
          ),
        )
        if (!changed) throw new Error('a review changed while its row was locked')
        return changed
      }),
    )
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
