import type { Queryable } from '../platform/postgres/pool.ts'
import { type Release, release, storeSent } from './ledger.ts'

const againMs = 500

/**
 * What came of the notices in hand, on its way to the ledger. What the mail server has taken is stored at once, and
 * whatever else comes in during a commit goes with the next, so that few mails are ever sent but not noted. While
 * Postgres is away it is remembered here and tried again, whoever has the events by then: a mail goes out twice only
 * if the process dies with that memory, or Postgres is away for longer than the lease.
 */
export class Settlements {
  readonly #db: Queryable
  readonly #sent = new Set<string>()
  readonly #released = new Set<Release>()
  #round: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  #again: NodeJS.Timeout | undefined
  #stopped = false

  constructor(db: Queryable) {
    this.#db = db
  }

  /** Resolves when it is stored. @throws {AppError} retryable; it is remembered all the same */
  sent(id: string): Promise<void> {
    this.#sent.add(id)
    return this.store()
  }

  /** Resolves when it is stored. @throws {AppError} retryable; it is remembered all the same */
  released(...releases: readonly Release[]): Promise<void> {
    for (const one of releases) this.#released.add(one)
    return this.store()
  }

  /** Stores what is remembered. @throws {AppError} retryable */
  store(): Promise<void> {
    if (this.#sent.size + this.#released.size === 0) return Promise.resolve()
    this.#next ??= this.#nextRound()
    return this.#next
  }

  /** Stores what is remembered one last time. @throws {AppError} retryable */
  stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#again)
    return this.store()
  }

  async #nextRound(): Promise<void> {
    await this.#round.catch(() => undefined)
    this.#next = null
    this.#round = this.#storeAll()
    try {
      await this.#round
    } catch (error) {
      this.#tryAgain()
      throw error
    }
  }

  /** Nobody may ask any more, once the events are another member's: it would send them when our lease is over. */
  #tryAgain(): void {
    if (this.#stopped) return
    clearTimeout(this.#again)
    // What fails once more comes here once more.
    this.#again = setTimeout(() => void this.store().catch(() => undefined), againMs)
    this.#again.unref()
  }

  async #storeAll(): Promise<void> {
    const [sent, released] = [[...this.#sent], [...this.#released]]
    if (sent.length > 0) await storeSent(this.#db, sent)
    for (const id of sent) this.#sent.delete(id)
    if (released.length > 0) await release(this.#db, released)
    for (const one of released) this.#released.delete(one)
  }
}
