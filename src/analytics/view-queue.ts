import type { OutgoingRecord } from '../platform/kafka/records.ts'
import { type Logger, moduleLog } from '../platform/telemetry/logger.ts'
import { within } from '../platform/within.ts'
import type { ViewMetrics } from './view-metrics.ts'

export interface ViewQueueOptions {
  /** One that gives up soon: what it does not get rid of is dropped. */
  readonly producer: { send(records: readonly OutgoingRecord[]): Promise<void> }
  readonly metrics: ViewMetrics
  readonly log: Logger
  /** How many may wait. */
  readonly maxWaiting?: number
}

const maxBatch = 500
const stopWithinMs = 2_000

/**
 * Views on their way to Kafka. Nobody waits for them, and they never take more than their room: what comes when the
 * queue is full is dropped, and so is a batch that Kafka does not take.
 */
export class ViewQueue {
  readonly #options: Required<ViewQueueOptions>
  #waiting: OutgoingRecord[] = []
  #sending: Promise<void> | null = null

  constructor({ maxWaiting = 10_000, ...options }: ViewQueueOptions) {
    this.#options = { maxWaiting, ...options, log: moduleLog(options.log, 'views') }
  }

  /** Takes as many of these as there is room for, from the first on, and says how many. */
  add(records: readonly OutgoingRecord[]): number {
    const { maxWaiting, metrics } = this.#options
    const taken = records.slice(0, Math.max(0, maxWaiting - this.#waiting.length))
    this.#waiting.push(...taken)
    metrics.dropped.inc({ reason: 'queue_full' }, records.length - taken.length)
    metrics.waiting.set(this.#waiting.length)
    if (taken.length > 0) this.#sending ??= this.#send()
    return taken.length
  }

  /** Sends what waits, as long as that is quick. Nothing may be added any more. */
  async stop(): Promise<void> {
    await within(stopWithinMs, this.#sending ?? Promise.resolve()).catch(() => undefined)
    this.#options.metrics.dropped.inc({ reason: 'stopped' }, this.#waiting.splice(0).length)
  }

  async #send(): Promise<void> {
    const { producer, metrics, log } = this.#options
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch)
      metrics.waiting.set(this.#waiting.length)
      try {
        await producer.send(batch)
        metrics.sent.inc(batch.length)
      } catch (error) {
        metrics.dropped.inc({ reason: 'not_sent' }, batch.length)
        log.warn({ err: error }, `dropped ${batch.length} views that kafka did not take`)
      }
    }
    this.#sending = null
  }
}
