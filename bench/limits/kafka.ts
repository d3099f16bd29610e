import { join } from 'node:path'
import { replication } from '../../src/contracts/topics.ts'
import { runChild } from '../driver/child.ts'
import type { Target } from '../stack/target.ts'
import type { KafkaPlan, KafkaResult } from './kafka-process.ts'

const file = join(import.meta.dirname, 'kafka-process.ts')
const topic = { name: 'bench.limit', partitions: 3 }

export interface KafkaRates {
  readonly produced: KafkaResult
  readonly consumed: KafkaResult
}

/** Fills a topic like that of the reviews, and reads it: how many records a second, each alone. */
export async function measureKafka({ admin, brokers }: Target, measuredMs: number): Promise<KafkaRates> {
  const { factor, minInsyncReplicas } = replication
  await admin.createTopic({
    ...topic,
    replicationFactor: factor,
    settings: { 'min.insync.replicas': `${minInsyncReplicas}` },
  })
  const run = (work: KafkaPlan['work']) =>
    runChild<KafkaPlan, KafkaResult>(file, {
      brokers,
      topic: topic.name,
      partitions: topic.partitions,
      work,
    })
  try {
    const produced = await run({ produceForMs: measuredMs })
    return { produced, consumed: await run({ consume: produced.records }) }
  } finally {
    await admin.deleteTopic(topic.name)
  }
}
