import { trace } from '@opentelemetry/api'
import { Registry } from 'prom-client'
import type { EventDefinition } from '../../src/contracts/event.ts'
import type { Kafka } from '../../src/platform/kafka/kafka.ts'
import type { IncomingRecord } from '../../src/platform/kafka/records.ts'
import {
  ConsumerRuntime,
  type ConsumerRuntimeOptions,
} from '../../src/platform/messaging/consumer-runtime.ts'
import type { Delivery, Handler, Outcome } from '../../src/platform/messaging/handler.ts'
import { silent } from './silent.ts'

type Given = Pick<ConsumerRuntimeOptions, 'kafka' | 'handler'> & Partial<ConsumerRuntimeOptions>

/** A runtime that trusts every event and is stuck never. */
export function runtimeOf(options: Given): ConsumerRuntime {
  return new ConsumerRuntime({
    instanceId: null,
    knownToLog: async (events) => new Set(events.map(({ event_id }) => event_id)),
    tracer: trace.getTracer('test'),
    metrics: new Registry(),
    log: silent,
    onStuck: (error) => {
      throw error
    },
    ...options,
  })
}

/** A handler that decides on each event by itself. */
export function handlerOf(
  group: Handler['group'],
  events: readonly EventDefinition[],
  decide: (delivery: Delivery) => Outcome | Promise<Outcome>,
): Handler {
  return {
    group,
    events,
    async handle(batch) {
      const outcomes: Outcome[] = []
      for (const delivery of batch) outcomes.push(await decide(delivery))
      return outcomes
    },
  }
}

/** Everything that lies on a topic now. */
export async function everythingOn(kafka: Kafka, topic: string): Promise<IncomingRecord[]> {
  const admin = kafka.admin()
  const [first, last] = await Promise.all([admin.offsets(topic, 'earliest'), admin.offsets(topic, 'latest')])
  await admin.close()
  const count = [...last].reduce(
    (sum, [partition, end]) => sum + Number(end) - Number(first.get(partition)),
    0,
  )
  const reader = kafka.reader({ topics: [topic], from: 'earliest' })
  await reader.start()
  const records: IncomingRecord[] = []
  while (records.length < count) records.push(...((await reader.next()) ?? []))
  await reader.stop()
  return records
}
