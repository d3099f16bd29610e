import type { Producer } from '../../src/platform/kafka/producer.ts'
import type { IncomingRecord } from '../../src/platform/kafka/records.ts'

/** Sends numbered records to every partition of a topic until it is told to stop, and again what was not acknowledged. */
export class NumberedSender {
  readonly #producer: Producer
  readonly #topic: string
  readonly #partitions: number
  readonly #perSend: number
  #stopped = false
  #running: Promise<void> | null = null
  /** The numbers below this one are acknowledged, on each partition. */
  acknowledged = 0
  rejections = 0
  longestMs = 0

  constructor(producer: Producer, topic: string, partitions: number, perSend = 5) {
    this.#producer = producer
    this.#topic = topic
    this.#partitions = partitions
    this.#perSend = perSend
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const started = performance.now()
      const records = Array.from({ length: this.#perSend * this.#partitions }, (_, i) => ({
        topic: this.#topic,
        partition: i % this.#partitions,
        key: null,
        value: String(this.acknowledged + Math.floor(i / this.#partitions)),
        headers: {},
      }))
      try {
        await this.#producer.send(records)
        this.acknowledged += this.#perSend
      } catch {
        this.rejections += 1
      }
      this.longestMs = Math.max(this.longestMs, performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

export interface Tally {
  /** The number that comes next on each partition, when repeats are left out. */
  readonly next: ReadonlyMap<number, number>
  readonly missing: readonly string[]
  readonly repeats: number
}

/** What numbered records say about what got lost and what came again. */
export function tally(records: Iterable<Pick<IncomingRecord, 'partition' | 'value'>>): Tally {
  const next = new Map<number, number>()
  const missing: string[] = []
  let repeats = 0
  for (const { partition, value } of records) {
    const number = Number(value?.toString())
    const expected = next.get(partition) ?? 0
    if (number < expected) repeats += 1
    if (number > expected) missing.push(`${partition}: ${expected} to ${number - 1}`)
    next.set(partition, Math.max(expected, number + 1))
  }
  return { next, missing, repeats }
}
