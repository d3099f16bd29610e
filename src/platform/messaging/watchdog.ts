export interface WatchdogOptions {
  /** Whether there is work that could be done now, and nothing excuses that it is not. */
  readonly isOwing: () => boolean
  /** Grows with everything that is done. */
  readonly progress: () => number
  readonly onStuck: () => void
  readonly afterMs?: number
}

const everyMs = 1_000

/**
 * Notices a worker that has work and does none, for whatever reason: it is better started again. It counts its own
 * ticks rather than the clock, so that a process that was frozen and thawed is not taken for one that is stuck.
 */
export class Watchdog {
  readonly #options: WatchdogOptions
  #timer: NodeJS.Timeout | undefined
  #owingMs = 0
  #progress = -1

  constructor(options: WatchdogOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    const { isOwing, progress, onStuck, afterMs = 30_000 } = this.#options
    const now = progress()
    this.#owingMs = isOwing() && now === this.#progress ? this.#owingMs + everyMs : 0
    this.#progress = now
    if (this.#owingMs < afterMs) return
    this.stop()
    onStuck()
  }
}
