import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { Registry } from 'prom-client'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { emailSend } from '../../src/contracts/events/email-send.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { deadLetterHeaders } from '../../src/contracts/headers.ts'
import { topics } from '../../src/contracts/topics.ts'
import { dryRun } from '../../src/ops/dead-letters/dry-run.ts'
import { maxReplays } from '../../src/ops/dead-letters/letter.ts'
import { indexDeadLetters } from '../../src/ops/dead-letters/letter-index.ts'
import { letterSource, recordOfLetter } from '../../src/ops/dead-letters/letter-source.ts'
import {
  countOpenLetters,
  discardLetters,
  groupLetters,
  type LetterFilter,
  listLetters,
} from '../../src/ops/dead-letters/letters.ts'
import {
  changeReplay,
  createReplay,
  findReplay,
  type ReplayJob,
} from '../../src/ops/dead-letters/replay-jobs.ts'
import { replayOutcomes } from '../../src/ops/dead-letters/replay-outcomes.ts'
import { ReplayRunner } from '../../src/ops/dead-letters/replay-runner.ts'
import { listAudit } from '../../src/platform/audit/audit.ts'
import { AppError } from '../../src/platform/errors.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { headerText } from '../../src/platform/kafka/records.ts'
import { type Outcome, ok } from '../../src/platform/messaging/handler.ts'
import { retrySchedule } from '../../src/platform/messaging/retry-schedule.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { largeText, sendCompressed } from '../support/large-record.ts'
import { everythingOn, handlerOf, runtimeOf } from '../support/runtime.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const kafka = createKafka({
  brokers: KAFKA_BROKERS.split(','),
  prefix: KAFKA_PREFIX,
  clientId: 'test',
  log: silent,
})
const pool = createPool({ url: DATABASE_URL, size: 8, applicationName: 'test' })
const producer = kafka.producer()
const reader = kafka.recordReader()
const admin = kafka.admin()
await applyTopics(admin, 3)

const source = letterSource(reader)
const recordOf = recordOfLetter(reader)
let failure: AppError | null = null
const handled: string[] = []
const foreignHandled: string[] = []

const mailer = handlerOf(groups.notifications, [emailSend], ({ event }): Outcome => {
  if (failure) return { verdict: 'dead-letter', error: failure }
  handled.push(event.event_id)
  return ok
})
const bystander = handlerOf(groups.cache, [emailSend], ({ event }): Outcome => {
  foreignHandled.push(event.event_id)
  return ok
})
const metrics = [new Registry(), new Registry()] as const
const workers = [mailer, bystander].map((handler, nth) =>
  runtimeOf({
    kafka,
    handler,
    retries: retrySchedule(pool),
    onRetried: replayOutcomes(pool),
    metrics: metrics[nth] ?? new Registry(),
  }),
)
for (const worker of workers) worker.start()
const runner = new ReplayRunner({ pool, producer, recordOf, log: silent })
runner.start()

after(async () => {
  await Promise.all([...workers.map((worker) => worker.stop()), runner.stop()])
  await Promise.all([producer.close(), reader.close(), admin.close(), pool.end()])
})

/** Commands that fail with this code, indexed as letters. Returns their event ids. */
async function failing(count: number, code: string): Promise<string[]> {
  failure = new AppError(code, 'fatal', `the mailbox of "user-${randomUUID()}" is full`)
  const ids = Array.from({ length: count }, () => randomUUID())
  const before = await letterCount()
  await producer.send(
    ids.map((id) => ({
      topic: topics.notifications.name,
      key: `key-${id}`,
      value: JSON.stringify({ ...exampleOf(emailSend), event_id: id }),
      headers: [
        ['event_id', id],
        ['event_type', emailSend.type],
        ['x-own', 'kept'],
      ],
    })),
  )
  await until('all are letters', async () => (await letterCount()) === before + count)
  failure = null
  return ids
}

async function letterCount(): Promise<number> {
  await indexDeadLetters(pool, source)
  const { rows } = await pool.query<{ count: number }>('select count(*) as count from dead_letters')
  return rows[0]?.count ?? 0
}

const start = (filter: LetterFilter, over: Partial<Parameters<typeof createReplay>[1]> = {}) =>
  createReplay(pool, { filter, maxLetters: 1_000, ratePerSecond: 1_000, createdBy: 'test', ...over })

/** The job once every letter of it has an outcome. */
function settled(replayId: string): Promise<ReplayJob> {
  return until('the replay is settled', async () => {
    await indexDeadLetters(pool, source)
    const job = await findReplay(pool, replayId)
    return job && job.state !== 'running' && job.pending + job.sent === 0 && job
  })
}

test('letters are grouped by handler, code and kind of message, and are open', async () => {
  await failing(3, 'mailbox_full')
  const [group] = await groupLetters(pool, { errorCode: 'mailbox_full' })
  assert.equal(group?.count, 3)
  assert.equal(group.state, 'open')
  assert.equal(group.consumer_group, groups.notifications)
  assert.equal(group.error_pattern, 'the mailbox of "…" is full')
  assert.equal(group.samples.length, 3)
  const [open] = await countOpenLetters(pool)
  assert.equal(open?.consumer_group, groups.notifications)
  assert.deepEqual([open.error_code, open.count, open.keys], ['mailbox_full', 3, 3])
  assert.match(open.message, /^the mailbox of/)
})

test('a dry run says what would be sent, and sends nothing', async () => {
  const sent = (await everythingOn(kafka, topics.retries.name)).length
  const plan = await dryRun(pool, recordOf, { errorCode: 'mailbox_full' }, 100)
  assert.equal(plan.letters, 3)
  assert.equal(plan.decodable, 3)
  assert.equal(plan.keys.length, 3)
  assert.deepEqual(plan.byGroup, { [groups.notifications]: 3 })
  assert.equal((await everythingOn(kafka, topics.retries.name)).length, sent)
})

test('a replay reaches the failing group alone, with key, bytes and headers as they came', async () => {
  const ids = await failing(5, 'to_be_replayed')
  await until('the bystander has them', () => ids.every((id) => foreignHandled.includes(id)))
  const job = await settled(await start({ errorCode: 'to_be_replayed' }))
  assert.equal(job.resolved, 5)
  assert.equal(job.failed, 0)
  assert.ok(ids.every((id) => handled.includes(id)))
  const told = await metrics[0].metrics()
  assert.match(told, /events_total\{.*outcome="ok"\} 5/)
  assert.doesNotMatch(told, /effect_latency_seconds_count\{/, 'a replay says nothing of how late we are')
  const handledByOthers = foreignHandled.filter((id) => ids.includes(id))
  assert.equal(handledByOthers.length, ids.length, 'another group handles nothing of it')
  const letters = await listLetters(pool, { errorCode: 'to_be_replayed' }, 10)
  assert.deepEqual(new Set(letters.map(({ state }) => state)), new Set(['resolved']))

  const [original] = (await everythingOn(kafka, topics.notifications.name)).filter(
    ({ headers }) => headerText(headers, 'event_id') === ids[0],
  )
  const [replayed] = (await everythingOn(kafka, topics.retries.name)).filter(
    ({ headers }) => headerText(headers, 'event_id') === ids[0],
  )
  assert.deepEqual(replayed?.key, original?.key)
  assert.deepEqual(replayed?.value, original?.value)
  assert.equal(headerText(replayed?.headers ?? [], 'x-own'), 'kept')
  assert.equal(headerText(replayed?.headers ?? [], 'dlq-error-code'), null)
})

test('two replays of the same letters at once send each letter once', async () => {
  const ids = await failing(140, 'replayed_twice')
  const jobs = await Promise.all([1, 2].map(() => start({ errorCode: 'replayed_twice' })))
  const done = await Promise.all(jobs.map(settled))
  assert.equal(
    done.reduce((sum, { resolved }) => sum + resolved, 0),
    140,
  )
  assert.equal(
    done.reduce((sum, { skipped }) => sum + skipped, 0),
    140,
  )
  for (const id of ids) assert.equal(handled.filter((one) => one === id).length, 1)
})

test('a letter that fails again is the same letter, open again, and quarantined once its replays are spent', async () => {
  await failing(1, 'never_mended')
  const before = await letterCount()
  for (let replay = 1; replay <= maxReplays; replay++) {
    failure = new AppError('never_mended', 'fatal', 'still broken')
    const job = await settled(await start({ errorCode: 'never_mended' }))
    assert.equal(job.failed, 1)
    const [letter] = await listLetters(pool, { errorCode: 'never_mended' }, 2)
    assert.equal(letter?.replays, replay)
    assert.equal(letter.state, replay === maxReplays ? 'quarantined' : 'open')
  }
  failure = null
  assert.equal(await letterCount(), before, 'no letter more')
  const job = await settled(await start({ errorCode: 'never_mended' }))
  assert.equal(job.resolved + job.failed, 0, 'a quarantined letter is not sent')
})

test('a paused job sends nothing until it is resumed; a cancelled one leaves its letters open', async () => {
  await failing(30, 'paused')
  const id = await start({ errorCode: 'paused' }, { ratePerSecond: 5 })
  await until('it has begun', async () => ((await findReplay(pool, id))?.resolved ?? 0) > 0)
  assert.equal(await changeReplay(pool, id, 'paused', 'otto'), true)
  assert.equal(await changeReplay(pool, id, 'paused', 'otto'), false)
  assert.equal(await changeReplay(pool, id, 'running', 'otto'), true)
  assert.equal(await changeReplay(pool, id, 'cancelled', 'otto'), true)
  const job = await settled(id)
  assert.ok(job.skipped > 0)
  const open = await listLetters(pool, { errorCode: 'paused', state: 'open' }, 100)
  assert.equal(open.length, 30 - job.resolved)
  // What was refused is no act.
  const acts = await listAudit(pool, 4)
  assert.deepEqual(
    acts.map(({ actor, action, target }) => [actor, action, target]),
    [
      ['otto', 'replay.cancelled', id],
      ['otto', 'replay.running', id],
      ['otto', 'replay.paused', id],
      ['test', 'replay.created', 'all groups, paused'],
    ],
  )
  assert.deepEqual(acts.at(-1)?.details, { replay_id: id, letters: 30 })
})

test('a discarded letter keeps its reason and is not sent', async () => {
  await failing(2, 'discarded')
  assert.equal(
    await discardLetters(pool, { errorCode: 'discarded' }, { reason: 'a test by hand', actor: 'otto' }),
    2,
  )
  const [letter] = await listLetters(pool, { errorCode: 'discarded' }, 1)
  assert.equal(letter?.state, 'discarded')
  assert.equal(letter.discard_reason, 'a test by hand')
  const job = await settled(await start({ errorCode: 'discarded' }))
  assert.equal(job.resolved, 0)
})

test('a record that somebody else put on the topic is a letter too', async () => {
  const before = await letterCount()
  await producer.send([
    {
      topic: topics.deadLetters.name,
      key: null,
      value: Buffer.from([0, 255]),
      headers: [['x', Buffer.from([0])]],
    },
  ])
  assert.equal(await letterCount(), before + 1)
  const letters = await listLetters(pool, { errorCode: '(unknown)' }, 10)
  assert.equal(letters.length, 1)
  const plan = await dryRun(pool, recordOf, { errorCode: '(unknown)' }, 10)
  assert.equal(plan.undecodable.length, 1)
})

test('headers that no column would take keep no letter from the index, and hold up none after it', async () => {
  const before = await letterCount()
  const ours = deadLetterHeaders
  const hostile: [name: string, value: string][] = [
    [ours.attempts, '9999999999'],
    [ours.originalPartition, '2147483648'],
    [ours.consumerGroup, 'g'.repeat(3_000)],
    [ours.originalTopic, 't'.repeat(3_000)],
    [ours.errorCode, 'c'.repeat(3_000)],
    [ours.errorMessage, 'm'.repeat(300_000)],
    [ours.failedAt, '+275760-09-13T00:00:00.000Z'],
    [ours.firstFailedAt, '-000001-01-01T00:00:00.000Z'],
  ]
  await producer.send(
    hostile.map(([name, value]) => ({
      topic: topics.deadLetters.name,
      key: null,
      value: '{}',
      headers: [[name, value]],
    })),
  )
  assert.equal(await letterCount(), before + hostile.length)
})

test('a letter without its value is read where it came from, and is sent again once there is room for it', async () => {
  const before = await letterCount()
  failure = new AppError('no_room', 'fatal', 'never')
  const id = randomUUID()
  const value = JSON.stringify({ ...exampleOf(emailSend), event_id: id, added: largeText(3_000_000) })
  const topic = `${KAFKA_PREFIX}${topics.notifications.name}`
  await sendCompressed(KAFKA_BROKERS.split(','), { topic, key: 'large', value })
  await until('it is a letter', async () => (await letterCount()) === before + 1)
  failure = null
  const filter = { errorCode: 'record_too_large' }
  const [letter] = await listLetters(pool, filter, 2)
  assert.ok(letter)
  assert.match(letter.error_message, /too large for deadletter\.queue.*no_room/)
  assert.equal((await recordOf(letter))?.value?.toString(), value)
  assert.equal((await dryRun(pool, recordOf, filter, 10)).decodable, 1)

  const refused = await settled(await start(filter))
  assert.deepEqual([refused.failed, refused.resolved], [1, 0])
  const [open] = await listLetters(pool, filter, 2)
  assert.deepEqual([open?.state, open?.replays], ['open', 0])
  const { rows } = await pool.query('select detail from replay_letters where replay_id = $1', [
    refused.replay_id,
  ])
  assert.match(rows[0]?.detail, /too large for retry\.queue: raise its max\.message\.bytes/)

  await admin.changeSettings(topics.retries.name, { 'max.message.bytes': '8388608' })
  const job = await settled(await start(filter))
  assert.equal(job.resolved, 1)
  assert.ok(handled.includes(id))
})

test('a letter whose record nobody has any more is refused, and its replay comes to an end', async () => {
  const before = await letterCount()
  const headers: [string, string][] = [
    ['dlq-error-code', 'record_too_large'],
    ['dlq-original-topic', 'no-topic-of-ours'],
    ['dlq-original-partition', '99999999999'],
    ['dlq-failed-at', '-200000-01-01T00:00:00Z'],
  ]
  await producer.send([{ topic: topics.deadLetters.name, key: null, value: null, headers }])
  assert.equal(await letterCount(), before + 1)
  const job = await settled(await start({ errorCode: 'record_too_large' }))
  assert.deepEqual([job.failed, job.resolved], [1, 0])
})
