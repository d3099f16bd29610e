import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import { type GroupName, groups } from '../../src/contracts/consumer-groups.ts'
import { emailSend } from '../../src/contracts/events/email-send.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { topics } from '../../src/contracts/topics.ts'
import { AppError, unavailable } from '../../src/platform/errors.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import type { ConsumerRuntime } from '../../src/platform/messaging/consumer-runtime.ts'
import { type Delivery, type Outcome, ok } from '../../src/platform/messaging/handler.ts'
import type { Result } from '../../src/platform/messaging/pipeline.ts'
import { toRetryRecord } from '../../src/platform/messaging/retry-record.ts'
import { retrySchedule } from '../../src/platform/messaging/retry-schedule.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { handlerOf, runtimeOf } from '../support/runtime.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const kafka = createKafka({
  brokers: KAFKA_BROKERS.split(','),
  prefix: KAFKA_PREFIX,
  clientId: 'test',
  log: silent,
})
const pool = createPool({ url: DATABASE_URL, size: 6, applicationName: 'test' })
const producer = kafka.producer()
const admin = kafka.admin()
await applyTopics(admin, 3)
let running: ConsumerRuntime[] = []
afterEach(async () => {
  await Promise.all(running.map((runtime) => runtime.stop()))
  running = []
})
after(() => Promise.all([producer.close(), admin.close(), pool.end()]))

interface Run {
  readonly id: string
  readonly attempt: number
  readonly at: number
}

/** A worker that notes what it runs and when. */
function worker(group: GroupName, decide: (delivery: Delivery) => Outcome | Promise<Outcome> = () => ok) {
  const runs: Run[] = []
  const results: Result[] = []
  const handler = handlerOf(group, [emailSend], (delivery) => {
    runs.push({ id: delivery.event.event_id, attempt: delivery.attempt, at: Date.now() })
    return decide(delivery)
  })
  const onRetried = async (settled: readonly Result[]) => void results.push(...settled)
  const runtime = runtimeOf({ kafka, handler, retries: retrySchedule(pool), onRetried })
  running.push(runtime)
  runtime.start()
  return { runtime, runs, results, of: (id: string) => runs.filter((run) => run.id === id) }
}

async function retryIn(group: string, milliseconds: number): Promise<{ id: string; dueAt: number }> {
  const id = randomUUID()
  const dueAt = new Date(Date.now() + milliseconds)
  const value = Buffer.from(JSON.stringify({ ...exampleOf(emailSend), event_id: id }))
  const record = { topic: 'x', partition: 0, offset: 1n, timestamp: 1n, key: null, value, headers: [] }
  const attempt = { record, number: 2, firstFailedAt: null, isReplay: false }
  await producer.send([toRetryRecord({ group, attempt, dueAt })])
  return { id, dueAt: dueAt.getTime() }
}

async function waiting(): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::integer as count from scheduled_retries',
  )
  return rows[0]?.count ?? 0
}

function assertInTime(run: Run | undefined, dueAt: number): void {
  assert.ok(run)
  assert.ok(run.at >= dueAt && run.at < dueAt + 1_000, `${run.at - dueAt} ms after it was due`)
}

test('an outcome retry is tried again when it is due, with its attempts counted, and holds up no other event', async () => {
  const failing = randomUUID()
  const other = randomUUID()
  const error = new AppError('smtp_unavailable', 'retryable', 'no answer')
  const { of, results } = worker(groups.notifications, ({ event: { event_id }, attempt }) =>
    event_id === failing && attempt === 1 ? { verdict: 'retry', error } : ok,
  )
  const send = (event_id: string) => {
    const value = JSON.stringify({ ...exampleOf(emailSend), event_id })
    return producer.send([{ topic: topics.notifications.name, key: 'k', value, headers: {} }])
  }
  await send(failing)
  await send(other)
  await until('the other is done', () => of(other).length === 1)
  assert.equal(of(failing).length, 1)
  await until('it is tried again', () => of(failing).length === 2)
  const [first, second] = of(failing)
  assert.equal(second?.attempt, 2)
  const delay = (second?.at ?? 0) - (first?.at ?? 0)
  assert.ok(delay >= 2_500 && delay < 6_000, `${delay} ms`)
  await until('nothing waits any more', async () => (await waiting()) === 0)
  assert.deepEqual(
    results.map(({ outcome }) => outcome.verdict),
    ['ok'],
  )
})

test('due times are kept within a second, and a long delay never holds up a shorter one', async () => {
  const { runtime, of } = worker(groups.notifications)
  await until('it has its partitions', () => runtime.health().partitions === 9)
  const long = await retryIn(groups.notifications, 3_600_000)
  const delays = [3_000, 300, 1_500, 700, 2_200]
  const due = await Promise.all(delays.map((delay) => retryIn(groups.notifications, delay)))
  await until('all but the long one ran', () => due.every(({ id }) => of(id).length > 0))
  for (const { id, dueAt } of due) assertInTime(of(id)[0], dueAt)
  assert.equal(of(long.id).length, 0)
  await until('only the long one waits', async () => (await waiting()) === 1)
  await pool.query('delete from scheduled_retries')
})

test('a restart neither loses nor hastens what waits', async () => {
  const first = worker(groups.notifications)
  const { id, dueAt } = await retryIn(groups.notifications, 4_000)
  await until('it waits', async () => (await waiting()) === 1)
  await first.runtime.stop()
  const second = worker(groups.notifications)
  await until('it ran', () => second.of(id).length === 1)
  assertInTime(second.of(id)[0], dueAt)
  assert.equal(first.of(id).length, 0)
})

test('each group runs its own retries alone', async () => {
  const mine = worker(groups.notifications)
  const theirs = worker(groups.analytics)
  const { id } = await retryIn(groups.notifications, 0)
  const { id: other } = await retryIn(groups.analytics, 0)
  const { id: nobodys } = await retryIn('no-such-group', 0)
  await until('both ran', () => mine.of(id).length === 1 && theirs.of(other).length === 1)
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.equal(mine.of(other).length + theirs.of(id).length, 0)
  assert.equal(mine.of(nobodys).length + theirs.of(nobodys).length, 0)
  assert.equal(await waiting(), 0)
})

test('what a retry says that nobody could hold holds up nobody: it is tried within the six hours of its topic', async () => {
  const { of } = worker(groups.notifications)
  const forged = async (headers: Record<string, string>) => {
    const id = randomUUID()
    const value = JSON.stringify({ ...exampleOf(emailSend), event_id: id })
    const own = { 'retry-group': groups.notifications, ...headers }
    await producer.send([{ topic: topics.retries.name, key: 'k', value, headers: own }])
    return id
  }
  const ids = [
    await forged({ 'retry-due-at': '-200000-01-01T00:00:00Z' }),
    await forged({ 'retry-due-at': '+200000-01-01T00:00:00Z' }),
    await forged({ 'retry-original-partition': '99999999999', 'retry-original-topic': 'a\u0000b' }),
    await forged({ 'retry-attempt': '99999999999', 'retry-first-failed-at': '-100000-01-01T00:00:00Z' }),
  ]
  await until('all of them ran', () => ids.every((id) => of(id).length === 1))
  await forged({ 'retry-due-at': '2999-01-01T00:00:00Z' })
  const { rows } = await until('the last one waits', async () => {
    const found = await pool.query(
      "select due_at < now() + interval '6 hours' as soon from scheduled_retries",
    )
    return found.rowCount === 1 && found
  })
  assert.deepEqual(rows, [{ soon: true }])
  await pool.query('delete from scheduled_retries')
})

test('a retry is run once, however often the batch that brought it is tried again', async () => {
  const blocked = randomUUID()
  const failing = randomUUID()
  const unblock = Promise.withResolvers<void>()
  let down = true
  const { runtime, of } = worker(groups.notifications, async ({ event: { event_id } }) => {
    if (event_id === blocked) await unblock.promise
    if (event_id === failing && down) throw unavailable('postgres', null)
    return ok
  })
  const send = (event_id: string) => {
    const value = JSON.stringify({ ...exampleOf(emailSend), event_id })
    return producer.send([{ topic: topics.notifications.name, key: 'k', value, headers: {} }])
  }
  await until('it has its partitions', () => runtime.health().partitions === 9)
  await send(blocked)
  await until('a batch is in hand', () => of(blocked).length === 1)
  // The next batch has both.
  const { id } = await retryIn(groups.notifications, 0)
  await send(failing)
  await until('both are fetched', () => runtime.health().lag === 3n)
  unblock.resolve()
  await until('the batch was tried several times', () => of(failing).length > 4)
  assert.equal(of(id).length, 0)
  down = false
  await until('it ran', () => of(id).length > 0)
  await until('nothing waits any more', async () => (await waiting()) === 0)
  assert.equal(of(id).length, 1)
})

test('what may come again waits until it is committed; what lies on a topic no more does not', async () => {
  const schedule = retrySchedule(pool)
  const record = {
    topic: topics.retries.name,
    partition: 0,
    offset: 7n,
    timestamp: 0n,
    key: null,
    value: null,
    headers: [[Buffer.from('retry-group'), Buffer.from('g')] as const],
  }
  await schedule.add('g', [record])
  const isRun = async (committed: bigint, end: bigint | null) =>
    (await schedule.due('g', [{ partition: 0, committed, end }], 10)).records.length === 1
  assert.equal(await isRun(7n, 8n), false)
  assert.equal(await isRun(8n, 8n), true)
  assert.equal(await isRun(0n, null), false)
  assert.equal(await isRun(0n, 7n), true)
  assert.equal((await schedule.due('g', [], 10)).records.length, 0)
  await schedule.remove('g', [record])
})
