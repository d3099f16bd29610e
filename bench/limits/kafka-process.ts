/** Produces records, or reads all of them, through the product's own port: `limits.ts` starts it. */
import { pino } from 'pino'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { plannedReview } from '../../src/ops/load-plan.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import type { OutgoingRecord } from '../../src/platform/kafka/records.ts'
import { answer } from '../driver/answer.ts'

export interface KafkaPlan {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly partitions: number
  readonly work: { readonly produceForMs: number } | { readonly consume: number }
}

export interface KafkaResult {
  readonly records: number
  readonly perSecond: number
  readonly bytesPerRecord: number
}

const batchRecords = 500

process.once('message', async (plan: KafkaPlan) => {
  const kafka = createKafka({
    brokers: plan.brokers,
    prefix: '',
    clientId: 'bench',
    log: pino({ level: 'silent' }),
  })
  answer(
    'consume' in plan.work
      ? await consume(kafka, plan, plan.work.consume)
      : await produce(kafka, plan, plan.work.produceForMs),
  )
})

/** One batch after another to each partition, all partitions at once. */
async function produce(kafka: Kafka, { topic, partitions }: KafkaPlan, forMs: number): Promise<KafkaResult> {
  const producer = kafka.producer()
  await producer.warmUp([topic])
  const began = performance.now()
  let records = 0
  const lane = async (partition: number) => {
    const batch = batchFor(topic, partition)
    while (performance.now() - began < forMs) {
      await producer.send(batch)
      records += batch.length
    }
  }
  await Promise.all(Array.from({ length: partitions }, (_, partition) => lane(partition)))
  const perSecond = (records * 1_000) / (performance.now() - began)
  await producer.close()
  const [first] = batchFor(topic, 0)
  return { records, perSecond, bytesPerRecord: first?.value?.length ?? 0 }
}

async function consume(kafka: Kafka, { topic }: KafkaPlan, wanted: number): Promise<KafkaResult> {
  const reader = kafka.reader({ topics: [topic], from: 'earliest' })
  await reader.start()
  const began = performance.now()
  let records = 0
  let bytes = 0
  while (records < wanted) {
    for (const { value } of (await reader.next()) ?? []) {
      records += 1
      bytes += value?.length ?? 0
    }
  }
  const perSecond = (records * 1_000) / (performance.now() - began)
  await reader.stop()
  return { records, perSecond, bytesPerRecord: bytes / records }
}

/** Envelopes as the relay publishes them. */
function batchFor(topic: string, partition: number): readonly OutgoingRecord[] {
  const envelope = exampleOf(reviewCreated)
  return Array.from({ length: batchRecords }, (_, n) => {
    const id = `${envelope.aggregate_id.slice(0, -6)}${String(n).padStart(6, '0')}`
    const data = { review_id: id, title: null, ...plannedReview('limit', 200, n) }
    const value = JSON.stringify({ ...envelope, aggregate_id: id, data })
    return {
      topic,
      partition,
      key: id,
      value,
      headers: { event_type: envelope.event_type, position: `${n}` },
    }
  })
}
