import type { Registry } from 'prom-client'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import { kafkaMetrics } from './kafka-metrics.ts'
import { type KafkaSnapshot, takeSnapshot } from './kafka-snapshot.ts'

export interface ExporterOptions {
  readonly admin: Admin
  readonly reader: RecordReader
  readonly registry: Registry
  readonly clusterName: string
}

/** However many ask at once, and however often, the cluster is asked once in so long. */
const freshMs = 1_000

/** Keeps Kafka's metrics as fresh as their readers ask for. */
export class Exporter {
  readonly #admin: Admin
  readonly #update: (snapshot: KafkaSnapshot) => Promise<void>
  #refreshing: Promise<void> | null = null
  #refreshedAt = Number.NEGATIVE_INFINITY

  constructor({ admin, reader, registry, clusterName }: ExporterOptions) {
    this.#admin = admin
    this.#update = kafkaMetrics({
      registry,
      clusterName,
      now: Date.now,
      timestampAt: async (topic, partition, offset) =>
        (await reader.read(topic, partition, offset))[0]?.timestamp ?? null,
    })
  }

  /** @throws {AppError} `unavailable` when the cluster does not answer: old values are not shown as new */
  async refresh(): Promise<void> {
    if (performance.now() - this.#refreshedAt < freshMs) return
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null
    })
    await this.#refreshing
  }

  async #refresh(): Promise<void> {
    await this.#update(await takeSnapshot(this.#admin, { internal: true }))
    this.#refreshedAt = performance.now()
  }
}
