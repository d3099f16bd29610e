import type { Pool } from '../postgres/pool.ts'
import { advance, type Lease, releaseLease } from './relay-lease.ts'

/** Another relay has taken the lease since. */
export class LeaseLost extends Error {}

/** How far a relay has published under its lease, and how much of that is saved. */
export class Cursor {
  position: number
  readonly #epoch: number
  readonly #pool: Pool
  readonly #leaseMs: number
  #saved: number
  #savedAt = performance.now()

  constructor(lease: Lease, pool: Pool, leaseMs: number) {
    this.position = lease.position
    this.#saved = lease.position
    this.#epoch = lease.epoch
    this.#pool = pool
    this.#leaseMs = leaseMs
  }

  /** Milliseconds until the cursor should be saved, or the lease renewed. */
  dueIn({ saveMs, pollMs }: { saveMs: number; pollMs: number }): number {
    const interval = this.position > this.#saved ? saveMs : pollMs
    return this.#savedAt + interval - performance.now()
  }

  /** A process that was frozen asks before it publishes anything more. */
  async assertHeld(): Promise<void> {
    if (performance.now() - this.#savedAt > this.#leaseMs) await this.save()
  }

  /** @throws {LeaseLost} */
  async save(): Promise<void> {
    const asked = performance.now()
    if (!(await advance(this.#pool, this.#epoch, this.position, this.#leaseMs))) throw new LeaseLost()
    this.#saved = this.position
    this.#savedAt = asked
  }

  async release(): Promise<void> {
    await releaseLease(this.#pool, this.#epoch, this.position)
  }
}
