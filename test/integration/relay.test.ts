import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { trace } from '@opentelemetry/api'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { AppError } from '../../src/platform/errors.ts'
import type { RecordProducer } from '../../src/platform/log/publisher.ts'
import { Relay } from '../../src/platform/log/relay.ts'
import { readBacklog } from '../../src/platform/log/relay-lease.ts'
import { relayMetrics } from '../../src/platform/log/relay-metrics.ts'
import { countSetAside } from '../../src/platform/log/set-aside.ts'
import type { EventRecord } from '../../src/platform/log/to-record.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { until } from '../support/until.ts'

// The lease, the cursor and their order are the subject here, so what was acknowledged is kept in memory; the way
// through Kafka is in test/e2e.
class Acknowledged implements RecordProducer {
  readonly records: EventRecord[] = []
  failNext = 0
  gate: Promise<void> | null = null

  async send(records: readonly EventRecord[]): Promise<void> {
    if (this.failNext > 0) {
      this.failNext -= 1
      // As a broker's death in the middle of a batch: some are there, and the sender does not know.
      this.records.push(...records.slice(0, Math.ceil(records.length / 2)))
      throw new AppError('unavailable', 'retryable', 'kafka is not available')
    }
    await this.gate
    this.records.push(...records)
  }

  get positions(): number[] {
    return this.records.map(({ headers }) => Number(new Map(headers).get('position')))
  }
}

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 8, applicationName: 'test' })
const log = pino({ level: 'silent' })
const timing = { leaseMs: 600, pollMs: 50, saveMs: 20, retryMs: 10 }
const running: Relay[] = []

function startRelay(producer: RecordProducer, holder: string): Relay {
  const metrics = relayMetrics(new Registry(), pool)
  const relay = new Relay({ pool, producer, tracer: trace.getTracer('test'), log, metrics, holder, timing })
  relay.start()
  running.push(relay)
  return relay
}

before(async () => {
  await append(
    pool,
    Array.from({ length: 5 }, () => newEvent(reviewCreated)),
  )
})

after(async () => {
  await Promise.all(running.map((relay) => relay.stop()))
  await pool.end()
})

const published = async () => (await readBacklog(pool)).events === 0
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)
const firstSeen = (positions: readonly number[]) => [...new Set(positions)]

test('what was appended before it started is published, in order, and the cursor follows', async () => {
  const producer = new Acknowledged()
  const relay = startRelay(producer, 'first')
  await until('the backlog is empty', published)
  assert.deepEqual(producer.positions, upTo(5))
  await relay.stop()
})

test('a failed send is begun again from the cursor: repeats, but no gap and no event before its time', async () => {
  const producer = new Acknowledged()
  producer.failNext = 2
  const relay = startRelay(producer, 'failing')
  await append(
    pool,
    Array.from({ length: 10 }, () => newEvent(reviewCreated)),
  )
  relay.wake()
  await until('the backlog is empty', published)
  assert.ok(producer.positions.length > 10)
  assert.deepEqual(firstSeen(producer.positions), upTo(15).slice(5))
  await relay.stop()
})

test('one relay is active, a standby takes over when it stops', async () => {
  const producers = [new Acknowledged(), new Acknowledged()]
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
    producers.map(({ positions }) => positions),
    [[16], [17]],
  )
  await second.stop()
})

test('a relay that froze in a send repeats it at worst, moves no cursor, and stands by', async () => {
  const frozen = new Acknowledged()
  const thaw = Promise.withResolvers<void>()
  frozen.gate = thaw.promise
  const zombie = startRelay(frozen, 'zombie')
  await append(pool, [newEvent(reviewCreated)])
  zombie.wake()
  const successor = new Acknowledged()
  const next = startRelay(successor, 'successor')
  await until('the successor has published it', () => successor.positions.length === 1)
  await append(pool, [newEvent(reviewCreated)])
  next.wake()
  await until('the backlog is empty', published)
  thaw.resolve()
  await until('the zombie stands by', () => zombie.state === 'standby')
  assert.deepEqual(frozen.positions, [18])
  assert.deepEqual(successor.positions, [18, 19])
  await zombie.stop()
  await next.stop()
})

test('an event that no topic takes is set aside and holds up only its aggregate', async () => {
  const producer = new Acknowledged()
  const relay = startRelay(producer, 'aside')
  const huge = newEvent(reviewCreated, { data: JSON.stringify({ content: 'x'.repeat(1_000_000) }) })
  const other = newEvent(reviewCreated)
  await append(pool, [huge, other])
  await append(pool, [newEvent(reviewCreated, { aggregateId: huge.aggregateId, aggregateVersion: 2 })])
  relay.wake()
  await until('the backlog is empty', published)
  assert.deepEqual(
    producer.records.map(({ key }) => key),
    [other.aggregateId],
  )
  assert.equal(await countSetAside(pool), 2)
  await relay.stop()
})

test('a lost connection to Postgres is made again', async () => {
  const producer = new Acknowledged()
  const relay = startRelay(producer, 'reconnecting')
  await until('it is active', () => relay.state === 'active')
  const { rows } = await pool.query<{ pid: number }>(
    'select pg_terminate_backend(pid) as ended, pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  assert.ok(rows.length > 0)
  await until('an append succeeds', () => append(pool, [newEvent(reviewCreated)]))
  await until('the backlog is empty', published)
  assert.equal(producer.positions.at(-1), 23)
  await relay.stop()
})
