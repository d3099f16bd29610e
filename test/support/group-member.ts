/**
 * A consumer in a process of its own, to be killed and frozen. It writes each record to its journal, which is its
 * effect, before it says that it is done: `partition number` a line.
 */
import { openSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { silent } from './silent.ts'

export interface MemberOptions {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly group: string
  readonly topic: string
  readonly instanceId: string | null
  readonly journal: string
  readonly batchMs: number
}

const options: MemberOptions = JSON.parse(process.argv[2] ?? '')
const { brokers, prefix, group, topic, instanceId, batchMs } = options
const journal = openSync(options.journal, 'a')
const kafka = createKafka({ brokers, prefix, clientId: 'member', log: silent })
const consumer = kafka.consumer({ group, topics: [topic], instanceId, maxBatchRecords: 50 })
process.on('SIGTERM', () => void consumer.stop())

consumer.start()
for (let batch = await consumer.next(); batch; batch = await consumer.next()) {
  for (const { partition, value } of batch.records) writeSync(journal, `${partition} ${value}\n`)
  await pause(batchMs)
  consumer.done(batch)
}
