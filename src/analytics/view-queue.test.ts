import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import type { OutgoingRecord } from '../platform/kafka/records.ts'
import { createLogger } from '../platform/telemetry/logger.ts'
import { viewMetrics } from './view-metrics.ts'
import { ViewQueue } from './view-queue.ts'

const log = createLogger({ service: 'test', level: 'silent', format: 'json' })
const records = (count: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, n) => ({ topic: 't', key: 'k', value: String(n), headers: {} }))

/** A queue whose sends end when the test says so. */
function held(maxWaiting: number) {
  const registry = new Registry()
  const sends: { size: number; end: (error?: Error) => void }[] = []
  const send = (batch: readonly OutgoingRecord[]) =>
    new Promise<void>((resolve, reject) => {
      sends.push({ size: batch.length, end: (error) => (error ? reject(error) : resolve()) })
    })
  const queue = new ViewQueue({ producer: { send }, metrics: viewMetrics(registry), log, maxWaiting })
  const end = async (error?: Error) => {
    sends.at(-1)?.end(error)
    await new Promise(setImmediate)
  }
  const dropped = async (reason: string) => {
    const metric = await registry.getSingleMetric('thereview_views_dropped_total')?.get()
    return metric?.values.find(({ labels }) => labels.reason === reason)?.value ?? 0
  }
  return { queue, end, dropped, sizes: () => sends.map(({ size }) => size) }
}

test('what comes while a batch is under way goes with the next', async () => {
  const { queue, end, sizes } = held(1_000)
  assert.equal(queue.add(records(2)), 2)
  queue.add(records(3))
  queue.add(records(4))
  assert.deepEqual(sizes(), [2])
  await end()
  assert.deepEqual(sizes(), [2, 7])
  await end()
  queue.add(records(1))
  assert.deepEqual(sizes(), [2, 7, 1])
})

test('a full queue takes what it has room for, counts what it drops, and goes on', async () => {
  const { queue, end, dropped, sizes } = held(5)
  queue.add(records(1))
  assert.equal(queue.add(records(4)), 4)
  assert.equal(queue.add(records(4)), 1)
  assert.equal(queue.add(records(4)), 0)
  assert.equal(await dropped('queue_full'), 7)
  await end()
  assert.equal(queue.add(records(4)), 4)
  await end()
  assert.deepEqual(sizes(), [1, 5, 4])
})

test('what kafka does not take is dropped, and the next batch is tried', async () => {
  const { queue, end, dropped, sizes } = held(1_000)
  queue.add(records(3))
  queue.add(records(2))
  await end(new Error('kafka is away'))
  assert.equal(await dropped('not_sent'), 3)
  assert.deepEqual(sizes(), [3, 2])
})

test('a stop waits for what is under way, and drops the rest when kafka is slow', async () => {
  const quick = held(1_000)
  quick.queue.add(records(3))
  const stopped = quick.queue.stop()
  await quick.end()
  await stopped
  assert.equal(await quick.dropped('stopped'), 0)

  const slow = held(1_000)
  slow.queue.add(records(3))
  slow.queue.add(records(2))
  await slow.queue.stop()
  assert.equal(await slow.dropped('stopped'), 2)
})
