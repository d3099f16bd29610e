import { asError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'

/** Something that fails again and again while brokers are away: it is told when it begins, and when it is over. */
export class Trouble {
  readonly #log: Logger
  readonly #what: string
  #since: number | null = null

  constructor(log: Logger, what: string) {
    this.#log = log
    this.#what = what
  }

  met(error: unknown): void {
    if (this.#since !== null) return
    this.#since = performance.now()
    this.#log.warn({ err: asError(error) }, `${this.#what}: fails, and is tried again`)
  }

  over(): void {
    if (this.#since === null) return
    this.#log.info({ after_ms: Math.round(performance.now() - this.#since) }, `${this.#what}: works again`)
    this.#since = null
  }
}
