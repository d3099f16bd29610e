import { asError } from '../errors.ts'
import type { IncomingRecord } from '../kafka/records.ts'
import type { Logger } from '../telemetry/logger.ts'
import { backoffMs, pause } from './backoff.ts'
import type { Result } from './pipeline.ts'
import type { RetryPartition, RetrySchedule } from './retry-schedule.ts'

export interface RetryLoopOptions {
  readonly group: string
  readonly schedule: RetrySchedule
  /** The partitions of `retry.queue` that are this member's now: what lies there, nobody else works on. */
  readonly partitions: () => readonly RetryPartition[]
  /** Brings them to their effects, or sends them on; throws a retryable error when a dependency is down. */
  readonly handle: (records: readonly IncomingRecord[], signal: AbortSignal) => Promise<readonly Result[]>
  /** Told what came of them, before they are forgotten. */
  readonly onHandled: (results: readonly Result[]) => Promise<void>
  readonly log: Logger
}

const maxRecords = 20
/** Other members, a rebalance or a replay may add what is due sooner than what we know of. */
const lookEveryMs = 500
const whileFailing = { firstMs: 200, mostMs: 5_000 }

/** Runs what is due, as long as it lives. */
export class RetryLoop {
  readonly #options: RetryLoopOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null
  /** What is left of the last round, which is not handled again for its sake: that would store its retries twice. */
  #finish: (() => Promise<void>) | null = null

  constructor(options: RetryLoopOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    let failures = 0
    while (!signal.aborted) {
      try {
        const waitMs = await this.#round(signal)
        failures = 0
        if (waitMs > 0) await pause(waitMs, signal)
      } catch (error) {
        failures += 1
        if (failures === 1) this.#options.log.warn({ err: asError(error) }, 'retries wait')
        await pause(backoffMs(failures, whileFailing), signal)
      }
    }
  }

  async #round(signal: AbortSignal): Promise<number> {
    const { group, schedule, partitions, handle, onHandled } = this.#options
    await this.#finish?.()
    const own = partitions()
    if (own.length === 0) return lookEveryMs
    const { records, nextInMs } = await schedule.due(group, own, maxRecords)
    if (records.length === 0) return Math.min(lookEveryMs, Math.max(1, nextInMs ?? lookEveryMs))
    const results = await handle(records, signal)
    this.#finish = async () => {
      await onHandled(results)
      await schedule.remove(group, records)
      this.#finish = null
    }
    await this.#finish()
    return 0
  }
}
