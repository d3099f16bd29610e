import { type Logger, moduleLog } from '../telemetry/logger.ts'
import type { Admin } from './admin.ts'
import { createAdmin } from './admin-client.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'
import { prefixedNames } from './names.ts'
import { createProducer, type Producer, type ProducerOptions } from './producer.ts'
import { RecordReader } from './record-reader.ts'
import { TopicReader, type TopicReaderOptions } from './topic-reader.ts'

export interface KafkaOptions {
  readonly brokers: readonly string[]
  /** Put before every topic and group, and taken off again, so that nobody beyond this port sees it. */
  readonly prefix: string
  readonly clientId: string
  readonly log: Logger
}

/** Kafka, as much of it as TheReview needs. Only this folder knows the client. */
export interface Kafka {
  producer(options?: ProducerOptions): Producer
  consumer(options: ConsumerOptions): Consumer
  admin(): Admin
  reader(options: TopicReaderOptions): TopicReader
  recordReader(): RecordReader
}

export function createKafka({ brokers, prefix, clientId, log: whole }: KafkaOptions): Kafka {
  const log = moduleLog(whole, 'kafka')
  const names = prefixedNames(prefix)
  const address = { brokers, clientId }
  return {
    producer: (options) => createProducer(address, names, options),
    consumer: (options) => new Consumer(address, names, log, options),
    admin: () => createAdmin(address, names),
    reader: (options) => new TopicReader(address, names, log, options),
    recordReader: () => new RecordReader(address, names),
  }
}
