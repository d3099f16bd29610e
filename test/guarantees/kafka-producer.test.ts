import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { RecordTooLargeError } from '../../src/platform/kafka/client-error.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import type { IncomingRecord } from '../../src/platform/kafka/records.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { silent } from '../support/silent.ts'

const { KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const kafka = createKafka({
  brokers: KAFKA_BROKERS.split(','),
  prefix: KAFKA_PREFIX,
  clientId: 'test',
  log: silent,
})
const admin = kafka.admin()
const producer = kafka.producer()
after(() => Promise.all([producer.close(), admin.close()]))

async function topic(
  name: string,
  partitions: number,
  settings: Record<string, string> = {},
): Promise<string> {
  await admin.createTopic({ name, partitions, replicationFactor: 3, settings })
  return name
}

async function read(name: string, count: number): Promise<IncomingRecord[]> {
  const reader = kafka.reader({ topics: [name], from: 'earliest' })
  await reader.start()
  const records: IncomingRecord[] = []
  while (records.length < count) records.push(...((await reader.next()) ?? []))
  await reader.stop()
  return records
}

test('the records of a partition lie in the order of the sends, whoever sends beside them', async () => {
  const name = await topic('order', 3)
  const sends = Array.from({ length: 50 }, (_, nth) =>
    producer.send(
      Array.from({ length: 30 }, (_, i) => ({
        topic: name,
        partition: i % 3,
        key: null,
        value: String(nth * 10 + Math.floor(i / 3)),
        headers: {},
      })),
    ),
  )
  await Promise.all(sends)
  const records = await read(name, 1_500)
  for (const partition of [0, 1, 2]) {
    const numbers = records
      .filter((record) => record.partition === partition)
      .map(({ value }) => Number(value))
    assert.deepEqual(
      numbers,
      Array.from({ length: 500 }, (_, i) => i),
    )
  }
})

test('records that together exceed a request arrive all the same', async () => {
  const name = await topic('large', 1, { 'max.message.bytes': String(2 * 1024 * 1024) })
  const value = Buffer.alloc(900 * 1024, 'x')
  await producer.send(Array.from({ length: 20 }, () => ({ topic: name, key: 'k', value, headers: {} })))
  const records = await read(name, 20)
  assert.ok(records.every((record) => record.value?.equals(value)))
})

test('a record that its topic does not take is named, and holds up nothing after it', async () => {
  const name = await topic('limited', 1, { 'max.message.bytes': '10000' })
  // Incompressible, so that it is too large on the wire as well.
  const { randomBytes } = await import('node:crypto')
  const tooLarge = { topic: name, key: 'k', value: randomBytes(20_000), headers: {} }
  const fitting = { topic: name, key: 'k', value: 'fits', headers: {} }
  await assert.rejects(producer.send([fitting, tooLarge, fitting]), (error: unknown) => {
    assert.ok(error instanceof RecordTooLargeError)
    assert.equal(error.verdict, 'fatal')
    assert.equal(error.record, tooLarge)
    return true
  })
  await producer.send([fitting])
  assert.ok((await read(name, 2)).every(({ value }) => value?.toString() === 'fits'))
})

test('a batch that is too large as a whole is sent record by record', async () => {
  const name = await topic('narrow', 1, { 'max.message.bytes': '5000' })
  const { randomBytes } = await import('node:crypto')
  const values = Array.from({ length: 10 }, () => randomBytes(2_000))
  await producer.send(values.map((value) => ({ topic: name, key: null, value, headers: {} })))
  const records = await read(name, 10)
  assert.deepEqual(
    records.map(({ value }) => value),
    values,
  )
})

test('what is absent, empty, repeated or no text stays what it is', async () => {
  const name = await topic('exact', 1)
  const bytes = Buffer.from([0, 255, 254, 10])
  await producer.send([
    { topic: name, key: null, value: null, headers: [] },
    {
      topic: name,
      key: '',
      value: '',
      headers: [
        ['empty', ''],
        ['absent', null],
      ],
    },
    {
      topic: name,
      key: bytes,
      value: bytes,
      headers: [
        ['b', bytes],
        ['a', '1'],
        ['b', '2'],
        [bytes, 'x'],
      ],
    },
  ])
  const [absent, empty, raw] = await read(name, 3)
  assert.deepEqual([absent?.key, absent?.value, absent?.headers], [null, null, []])
  assert.deepEqual([empty?.key?.length, empty?.value?.length], [0, 0])
  assert.deepEqual(empty?.headers, [
    [Buffer.from('empty'), Buffer.alloc(0)],
    [Buffer.from('absent'), null],
  ])
  assert.deepEqual([raw?.key, raw?.value], [bytes, bytes])
  assert.deepEqual(raw?.headers, [
    [Buffer.from('b'), bytes],
    [Buffer.from('a'), Buffer.from('1')],
    [Buffer.from('b'), Buffer.from('2')],
    [bytes, Buffer.from('x')],
  ])
})

for (const [state, answers] of [
  ['refuse', false],
  ['take connections and say nothing', true],
] as const) {
  test(`a send is rejected as retryable, and in time, when the brokers ${state}`, async () => {
    const server = createServer((socket) => socket.resume())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert.ok(address && typeof address === 'object')
    if (!answers) server.close()
    const brokers = [`127.0.0.1:${address.port}`]
    const lonely = createKafka({ brokers, prefix: '', clientId: 'test', log: silent }).producer({
      deliveryTimeoutMs: 1_000,
    })
    const started = performance.now()
    await assert.rejects(lonely.send([{ topic: 't', key: 'k', value: 'v', headers: {} }]), {
      code: 'unavailable',
      verdict: 'retryable',
    })
    assert.ok(performance.now() - started < 8_000)
    await lonely.close()
    server.close()
  })
}
