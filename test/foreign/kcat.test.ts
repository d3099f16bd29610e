import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { trace } from '@opentelemetry/api'
import { Registry } from 'prom-client'
import type { Envelope } from '../../src/contracts/event.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { Relay } from '../../src/platform/log/relay.ts'
import { relayMetrics } from '../../src/platform/log/relay-metrics.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { silent } from '../support/silent.ts'

// kcat is librdkafka, which clients of most languages stand on: what it reads, other teams' consumers read.
const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 4, applicationName: 'test' })
const kafka = createKafka({
  brokers: KAFKA_BROKERS.split(','),
  prefix: KAFKA_PREFIX,
  clientId: 'test',
  log: silent,
})
const producer = kafka.producer()
const relay = new Relay({
  pool,
  producer,
  tracer: trace.getTracer('test'),
  log: silent,
  metrics: relayMetrics(new Registry(), pool),
  holder: 'test',
})
const topic = `${KAFKA_PREFIX}reviews.events`

before(async () => {
  const admin = kafka.admin()
  await applyTopics(admin, 3)
  await admin.close()
})
after(async () => {
  await relay.stop()
  await producer.close()
  await pool.end()
})

interface KcatMessage {
  readonly partition: number
  readonly key: string
  readonly payload: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

test('it reads an event as plain JSON with the headers of the contract', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
  const event = newEvent(reviewCreated, { traceparent })
  const [position] = await append(pool, [event])
  relay.start()

  const [message] = await read(1)
  assert.equal(message?.key, event.aggregateId)
  const envelope: Envelope = JSON.parse(message?.payload ?? '')
  assert.deepEqual(Object.keys(envelope), [
    'event_id',
    'event_type',
    'timestamp',
    'aggregate_id',
    'aggregate_type',
    'aggregate_version',
    'data',
    'metadata',
  ])
  assert.equal(envelope.event_id, event.eventId)
  assert.equal(envelope.timestamp, event.occurredAt)
  assert.deepEqual(envelope.data, reviewCreated.example)

  const headers = new Map(pairs(message?.headers ?? []))
  assert.deepEqual([...headers.keys()].sort(), [
    'content-type',
    'event_id',
    'event_type',
    'position',
    'traceparent',
  ])
  assert.equal(headers.get('event_type'), 'review.created.v1')
  assert.equal(headers.get('event_id'), event.eventId)
  assert.equal(headers.get('position'), `${position}`)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.match(headers.get('traceparent') ?? '', /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-0[01]$/)
})

test('it puts every key on the partition on which we put it', async () => {
  const keys = Array.from({ length: 100 }, (_, n) =>
    n % 2 === 0 ? `ключ-${n}` : `gid://shopify/Product/${n}`,
  )
  const users = `${KAFKA_PREFIX}users.events`
  await producer.send(keys.map((key) => ({ topic: 'users.events', key, value: 'ours', headers: {} })))
  await kcat(
    ['-P', '-t', users, '-K', '\t', '-X', 'topic.partitioner=murmur2_random'],
    keys.map((key) => `${key}\ttheirs\n`).join(''),
  )
  const messages = await read(200, users)
  const placesOf = (payload: string) =>
    Object.fromEntries(messages.filter((m) => m.payload === payload).map((m) => [m.key, m.partition]))
  assert.equal(Object.keys(placesOf('ours')).length, 100)
  assert.deepEqual(placesOf('theirs'), placesOf('ours'))
})

test('we read what it writes, to the byte', async () => {
  const commands = `${KAFKA_PREFIX}notifications.commands`
  const reader = kafka.reader({ topics: ['notifications.commands'], from: 'earliest' })
  await reader.start()
  try {
    await kcat(
      ['-P', '-t', commands, '-k', 'schlüssel', '-H', 'note=ä', '-z', 'gzip', '-D', '|'],
      '{"a": "ö"}\n|',
    )
    const [record] = (await reader.next()) ?? []
    assert.equal(record?.key?.toString(), 'schlüssel')
    assert.equal(record?.value?.toString(), '{"a": "ö"}\n')
    assert.deepEqual(
      record?.headers.map((header) => header.map(String)),
      [['note', 'ä']],
    )
  } finally {
    await reader.stop()
  }
})

/** So many messages from the first on. */
async function read(count: number, from = topic): Promise<KcatMessage[]> {
  const output = await kcat(['-C', '-t', from, '-o', 'beginning', '-c', `${count}`, '-J'])
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function kcat(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('kcat', ['-b', KAFKA_BROKERS, ...args], { timeout: 60_000 })
  child.stdin.end(input)
  const [output, errors, [code]] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    once(child, 'close'),
  ])
  assert.equal(code, 0, errors)
  return output
}

function pairs(alternating: readonly string[]): [string, string][] {
  return Array.from({ length: alternating.length / 2 }, (_, i) => [
    alternating[2 * i] ?? '',
    alternating[2 * i + 1] ?? '',
  ])
}
