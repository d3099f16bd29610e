import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { trace } from '@opentelemetry/api'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { replication, topics } from '../../src/contracts/topics.ts'
import { AppError } from '../../src/platform/errors.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import type { RecordProducer } from '../../src/platform/log/publisher.ts'
import { Relay } from '../../src/platform/log/relay.ts'
import { rewind } from '../../src/platform/log/relay-lease.ts'
import { relayMetrics } from '../../src/platform/log/relay-metrics.ts'
import { listSetAside, requestRetry } from '../../src/platform/log/set-aside.ts'
import { readLogStanding } from '../../src/platform/log/standing.ts'
import type { EventRecord } from '../../src/platform/log/to-record.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { until } from '../support/until.ts'

/** Kafka's own producer, whose sends can be made to fail half-way, and to hang as those of a frozen process do. */
class HarmedProducer implements RecordProducer {
  readonly sent: number[] = []
  failNext = 0
  gate: Promise<void> | null = null

  async send(records: readonly EventRecord[]): Promise<void> {
    await this.gate
    if (this.failNext > 0) {
      this.failNext -= 1
      // As with a broker's death in the middle of a batch: some are there, and the sender does not know.
      await this.#send(records.slice(0, Math.ceil(records.length / 2)))
      throw new AppError('unavailable', 'retryable', 'kafka is not available')
    }
    await this.#send(records)
  }

  topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return producer.topicIds(topics)
  }

  async #send(records: readonly EventRecord[]): Promise<void> {
    await producer.send(records)
    this.sent.push(...records.map(({ headers }) => Number(new Map(headers).get('position'))))
  }
}

const environment = await createTestEnvironment()
const pool = createPool({ url: environment.DATABASE_URL, size: 8, applicationName: 'test' })
const log = pino({ level: 'silent' })
const kafka = createKafka({
  brokers: environment.KAFKA_BROKERS.split(','),
  prefix: environment.KAFKA_PREFIX,
  clientId: 'test',
  log,
})
const producer = kafka.producer()
const reader = kafka.recordReader()
const timing = { leaseMs: 600, pollMs: 50, saveMs: 20, retryMs: 10 }
const running: Relay[] = []

function startRelay(producer: RecordProducer, holder: string): Relay {
  const metrics = relayMetrics(new Registry(), pool)
  const relay = new Relay({ pool, producer, tracer: trace.getTracer('test'), log, metrics, holder, timing })
  relay.start()
  running.push(relay)
  return relay
}

/** What lies on the topic, by partition, from the first record on. */
async function onTopic(): Promise<IncomingRecord[]> {
  const all: IncomingRecord[] = []
  for (let partition = 0; partition < topics.reviews.partitions; partition++) {
    for (let from = 0n; ; from = (all.at(-1)?.offset ?? -1n) + 1n) {
      const records = await reader.read(topics.reviews.name, partition, from)
      if (records.length === 0) break
      all.push(...records)
    }
  }
  return all
}

before(async () => {
  const admin = kafka.admin()
  await applyTopics(admin, replication.factor)
  await admin.close()
  await append(
    pool,
    Array.from({ length: 5 }, () => newEvent(reviewCreated)),
  )
})

after(async () => {
  await Promise.all(running.map((relay) => relay.stop()))
  await Promise.all([producer.close(), reader.close(), pool.end()])
})

const published = async () => {
  const { head, published } = await readLogStanding(pool)
  return published === head
}
const setAside = async () => (await readLogStanding(pool)).setAside
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)
const firstSeen = (positions: readonly number[]) => [...new Set(positions)]

test('what was appended before it started is published, in order, and the cursor follows', async () => {
  const producer = new HarmedProducer()
  const relay = startRelay(producer, 'first')
  await until('the backlog is empty', published)
  assert.deepEqual(producer.sent, upTo(5))
  await relay.stop()
})

test('a failed send is begun again from the cursor: repeats, but no gap and no event before its time', async () => {
  const producer = new HarmedProducer()
  producer.failNext = 2
  const relay = startRelay(producer, 'failing')
  await append(
    pool,
    Array.from({ length: 10 }, () => newEvent(reviewCreated)),
  )
  relay.wake()
  await until('the backlog is empty', published)
  assert.ok(producer.sent.length > 10)
  assert.deepEqual(firstSeen(producer.sent), upTo(15).slice(5))
  await relay.stop()
})

test('one relay is active, a standby takes over when it stops', async () => {
  const producers = [new HarmedProducer(), new HarmedProducer()]
  const first = startRelay(producers[0] ?? assert.fail(), 'first')
  await until('the first is active', () => first.state === 'active')
  const second = startRelay(producers[1] ?? assert.fail(), 'second')
  await append(pool, [newEvent(reviewCreated)])
  await until('the backlog is empty', published)
  assert.equal(second.state, 'standby')
  await first.stop()
  await append(pool, [newEvent(reviewCreated)])
  await until('the second is active', () => second.state === 'active')
  await until('the backlog is empty', published)
  assert.deepEqual(
    producers.map(({ sent }) => sent),
    [[16], [17]],
  )
  await second.stop()
})

test('a relay that froze in a send repeats it at worst, moves no cursor, and stands by', async () => {
  const frozen = new HarmedProducer()
  const thaw = Promise.withResolvers<void>()
  frozen.gate = thaw.promise
  const zombie = startRelay(frozen, 'zombie')
  await until('it is active', () => zombie.state === 'active')
  await append(pool, [newEvent(reviewCreated)])
  zombie.wake()
  const successor = new HarmedProducer()
  const next = startRelay(successor, 'successor')
  await until('the successor has published it', () => successor.sent.length === 1)
  await append(pool, [newEvent(reviewCreated)])
  next.wake()
  await until('the backlog is empty', published)
  thaw.resolve()
  await until('the zombie stands by', () => zombie.state === 'standby')
  assert.deepEqual(frozen.sent, [18])
  assert.deepEqual(successor.sent, [18, 19])
  await zombie.stop()
  await next.stop()
})

test('an event that no topic takes is set aside and holds up only its aggregate', async () => {
  const producer = new HarmedProducer()
  const relay = startRelay(producer, 'aside')
  const huge = newEvent(reviewCreated, { data: JSON.stringify({ content: 'x'.repeat(1_000_000) }) })
  const other = newEvent(reviewCreated)
  await append(pool, [huge, other])
  await append(pool, [newEvent(reviewCreated, { aggregateId: huge.aggregateId, aggregateVersion: 2 })])
  relay.wake()
  await until('the backlog is empty', published)
  const keys = (await onTopic()).map(({ key }) => key?.toString())
  assert.ok(keys.includes(other.aggregateId))
  assert.ok(!keys.includes(huge.aggregateId))
  assert.equal(await setAside(), 2)
  await relay.stop()
})

test('what was set aside is published in order once it was mended and a retry requested, and not before', async () => {
  const producer = new HarmedProducer()
  const relay = startRelay(producer, 'retrying')
  const [aggregate] = await listSetAside(pool)
  assert.equal(aggregate?.first_position, 20)
  assert.equal(await requestRetry(pool, aggregate.aggregate_id), 2)
  await until('the request was dealt with', async () => !(await listSetAside(pool))[0]?.retry_requested)
  assert.deepEqual(producer.sent, [])
  await pool.query("update events set data = '{}' where position = 20")
  await requestRetry(pool, aggregate.aggregate_id)
  await until('nothing is set aside', async () => (await setAside()) === 0)
  assert.deepEqual(producer.sent, [20, 22])
  await relay.stop()
})

test('a lost connection to Postgres is made again', async () => {
  const producer = new HarmedProducer()
  const relay = startRelay(producer, 'reconnecting')
  await until('it is active', () => relay.state === 'active')
  const { rows } = await pool.query<{ pid: number }>(
    'select pg_terminate_backend(pid) as ended, pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  assert.ok(rows.length > 0)
  await until('an append succeeds', () => append(pool, [newEvent(reviewCreated)]))
  await until('the backlog is empty', published)
  assert.equal(producer.sent.at(-1), 23)
  await relay.stop()
})

test('a topic that was made anew stops the relay, until the log is published again', async () => {
  const before = new HarmedProducer()
  const relay = startRelay(before, 'watchful')
  await until('it is active', () => relay.state === 'active')
  // What Kafka knows the topic by is another from now on.
  await pool.query(`update relay set topic_ids = topic_ids || '{"reviews.events": "another"}'`)
  await until('it has stopped', () => relay.state === 'waiting')
  await append(pool, [newEvent(reviewCreated)])
  relay.wake()
  await rewind(pool, 20)
  await until('the backlog is empty', published)
  assert.deepEqual(before.sent.slice(-4), [21, 22, 23, 24])
  // A round that had just begun as the cursor was moved may have sent the last one before, and nothing else.
  assert.ok(before.sent.slice(0, -4).every((position) => position === 24))
  await relay.stop()
})

test('every position lies on the topic, and each aggregate in order once repeats are removed', async () => {
  const positions = new Map<string, number[]>()
  for (const { key, headers } of await onTopic()) {
    const aggregate = key?.toString() ?? ''
    positions.set(aggregate, [...(positions.get(aggregate) ?? []), Number(headerText(headers, 'position'))])
  }
  const firsts = [...positions.values()].map(firstSeen)
  for (const ofOne of firsts)
    assert.deepEqual(
      ofOne,
      ofOne.toSorted((a, b) => a - b),
    )
  assert.deepEqual(
    firsts.flat().toSorted((a, b) => a - b),
    upTo(24),
  )
})
