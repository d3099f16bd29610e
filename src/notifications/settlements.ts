import type { Queryable } from '../platform/postgres/pool.ts'
import { type Release, release, storeSent } from './ledger.ts'

/**
 * What came of the notices in hand, on its way to the ledger. What the mail server has taken is stored at once, and
 * whatever else comes in during a commit goes with the next, so that few mails are ever sent but not noted. While
 * Postgres is away it is remembered here: a mail goes out twice only if the process dies with that memory.
 */
export class Settlements {
  readonly #db: Queryable
  readonly #sent = new Set<string>()
  readonly #released = new Set<Release>()
  #round: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

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

  async #nextRound(): Promise<void> {
    await this.#round.catch(() => undefined)
    this.#next = null
    this.#round = this.#storeAll()
    await this.#round
  }

  async #storeAll(): Promise<void> {
    const [sent, released] = [[...this.#sent], [...this.#released]]
    if (sent.length > 0) await storeSent(this.#db, sent)
    for (const id of sent) this.#sent.delete(id)
    if (released.length > 0) await release(this.#db, released)
    for (const one of released) this.#released.delete(one)
  }
}
