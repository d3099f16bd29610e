import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, beforeEach, test } from 'node:test'
import { groups } from '../../src/contracts/consumer-groups.ts'
import type { Envelope } from '../../src/contracts/event.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { reviewDeleted } from '../../src/contracts/events/review-deleted.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { topics } from '../../src/contracts/topics.ts'
import { AppError, isRetryable, unavailable } from '../../src/platform/errors.ts'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import { groupLag } from '../../src/platform/kafka/lag.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import { knownEvents } from '../../src/platform/log/stored-event.ts'
import type { ConsumerRuntime } from '../../src/platform/messaging/consumer-runtime.ts'
import { ok } from '../../src/platform/messaging/handler.ts'
import { retrySchedule } from '../../src/platform/messaging/retry-schedule.ts'
import { createPool, withPostgres } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { largeText, sendCompressed } from '../support/large-record.ts'
import { append, newEvent } from '../support/log.ts'
import { everythingOn, handlerOf, runtimeOf } from '../support/runtime.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 4, applicationName: 'test' })
after(() => pool.end())
let kafka: Kafka
let admin: Admin
let producer: Producer
let running: ConsumerRuntime[] = []
let nth = 0

// Each test has its topics to itself.
beforeEach(async () => {
  nth += 1
  const prefix = `${KAFKA_PREFIX}${nth}.`
  kafka = createKafka({ brokers: KAFKA_BROKERS.split(','), prefix, clientId: 'test', log: silent })
  admin = kafka.admin()
  await applyTopics(admin, 3)
  producer = kafka.producer()
})
afterEach(async () => {
  await Promise.all(running.map((runtime) => runtime.stop()))
  running = []
  await Promise.all([producer.close(), admin.close()])
})

function start(options: Parameters<typeof runtimeOf>[0]): ConsumerRuntime {
  const runtime = runtimeOf(options)
  running.push(runtime)
  runtime.start()
  return runtime
}

/** Notes the ids of what it gets. */
function notingIn(seen: string[]) {
  return handlerOf(groups.analytics, [reviewCreated], ({ event: { event_id } }) => {
    seen.push(event_id)
    return ok
  })
}

function event(definition = reviewCreated as Parameters<typeof exampleOf>[0]): Envelope {
  return { ...exampleOf(definition), event_id: randomUUID() }
}

async function send(value: string | Buffer | null, key = 'one review', headers: [string, Buffer][] = []) {
  await producer.send([{ topic: topics.reviews.name, key, value, headers }])
}

async function untilCaughtUp(count: number): Promise<void> {
  await until('the group has committed everything', async () => {
    const lags = await groupLag(admin, groups.analytics)
    const committed = lags.reduce((sum, one) => sum + Number(one.committed ?? 0), 0)
    return committed === count && lags.every(({ lag }) => lag === 0n)
  })
}

const letterOf = (letters: readonly IncomingRecord[], code: string) =>
  letters.filter(({ headers }) => headerText(headers, 'dlq-error-code') === code)

test('poison among good events: each is a dead letter to the byte, and every good event has its effect', async () => {
  const forged = event()
  const seen: string[] = []
  start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], ({ event: { event_id } }) => {
      if (event_id === buggy.event_id) throw new TypeError('a bug')
      if (event_id === hopeless.event_id)
        return { verdict: 'dead-letter', error: new AppError('no_address', 'fatal', 'never') }
      seen.push(event_id)
      return ok
    }),
    knownToLog: async (events) =>
      new Set(events.map(({ event_id }) => event_id).filter((id) => id !== forged.event_id)),
  })
  const buggy = event()
  const hopeless = event()
  const good = [event(), event(), event(), event()]
  const large = Buffer.alloc(1_000_000, '{')
  const poison: [code: string, value: Buffer | null][] = [
    ['undecodable', Buffer.from([0xff, 0xfe, 0x00])],
    ['undecodable', null],
    ['undecodable', Buffer.alloc(0)],
    ['undecodable', Buffer.from('[1, 2]')],
    ['undecodable', large],
    ['unknown_event_type', Buffer.from('{"event_type":"review.liked.v9"}')],
    ['schema_mismatch', Buffer.from(JSON.stringify({ ...event(), data: { rating: 'five' } }))],
    ['schema_mismatch', Buffer.from(JSON.stringify({ ...event(), aggregate_version: 0 }))],
    ['unknown_to_log', Buffer.from(JSON.stringify(forged))],
    ['handler_error', Buffer.from(JSON.stringify(buggy))],
    ['no_address', Buffer.from(JSON.stringify(hopeless))],
  ]
  const headers: [string, Buffer][] = [
    ['x-foreign', Buffer.from([0xff])],
    ['x-foreign', Buffer.from('again')],
  ]
  for (const [i, [, value]] of poison.entries()) {
    await send(value, `key-${i}`, headers)
    const next = good[i]
    if (next) await send(JSON.stringify(next))
  }
  await send(JSON.stringify(event(reviewDeleted)))
  await untilCaughtUp(poison.length + good.length + 1)

  // One that came in one batch with the culprit is seen again while that is looked for.
  assert.deepEqual(
    [...new Set(seen)],
    good.map(({ event_id }) => event_id),
  )
  const letters = await everythingOn(kafka, topics.deadLetters.name)
  assert.equal(letters.length, poison.length)
  for (const [i, [code, value]] of poison.entries()) {
    const letter = letters.find(({ key }) => key?.toString() === `key-${i}`)
    assert.ok(letter)
    assert.equal(headerText(letter.headers, 'dlq-error-code'), code)
    assert.deepEqual(letter.value, value)
    assert.deepEqual(
      letter.headers.slice(0, 2),
      headers.map(([name, text]) => [Buffer.from(name), text]),
    )
    assert.equal(headerText(letter.headers, 'dlq-original-topic'), topics.reviews.name)
    assert.equal(headerText(letter.headers, 'dlq-consumer-group'), groups.analytics)
  }
  assert.equal(letterOf(letters, 'undecodable').length, 5)
})

test('while a dependency is down the worker waits, visibly, commits nothing, floods nothing, and then goes on in order', async () => {
  let down = true
  let tries = 0
  const seen: string[] = []
  const runtime = start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], ({ event: { event_id } }) => {
      tries += 1
      if (down) throw unavailable('postgres', null)
      seen.push(event_id)
      return ok
    }),
  })
  const events = Array.from({ length: 20 }, () => event())
  for (const one of events) await send(JSON.stringify(one))
  await until('it waits', () => runtime.health().state === 'waiting')
  assert.match(runtime.health().waitingFor ?? '', /postgres/)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  assert.ok(tries < 20, `${tries} tries in two seconds`)
  assert.equal((await everythingOn(kafka, topics.deadLetters.name)).length, 0)

  down = false
  await untilCaughtUp(20)
  assert.equal(runtime.health().state, 'running')
  assert.deepEqual(
    seen,
    events.map(({ event_id }) => event_id),
  )
})

test('a worker that waits for a dependency stops at once, and its successor gets the batch', async () => {
  const first = start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], () => {
      throw unavailable('postgres', null)
    }),
  })
  await send(JSON.stringify(event()))
  await until('it waits', () => first.health().state === 'waiting')
  const asked = performance.now()
  await first.stop()
  assert.ok(performance.now() - asked < 2_000)

  const seen: string[] = []
  start({
    kafka,
    handler: notingIn(seen),
  })
  await until('the successor has it', () => seen.length === 1)
})

test('stopping ends the event in hand, commits it, and leaves within 5 s', async () => {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const runtime = start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], async () => {
      begun.resolve()
      await finish.promise
      return ok
    }),
  })
  await send(JSON.stringify(event()))
  await begun.promise
  const asked = performance.now()
  const stopped = runtime.stop()
  setTimeout(finish.resolve, 500)
  await stopped
  assert.ok(performance.now() - asked < 5_000)
  await untilCaughtUp(1)
})

test('while the dead letters cannot be stored nothing is committed', async () => {
  const runtime = start({ kafka, handler: handlerOf(groups.analytics, [reviewCreated], () => ok) })
  await until('it has its partitions', () => runtime.health().partitions === 3)
  const letters = topics.deadLetters.name
  await admin.deleteTopic(letters)
  await until('it is gone', async () => !(await admin.topics()).some(({ name }) => name === letters))
  await send('poison')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const committed = (await admin.committed(groups.analytics)).get(topics.reviews.name)
  assert.ok([...(committed ?? [])].every(([, offset]) => offset === 0n))
  await applyTopics(admin, 3)
  await untilCaughtUp(1)
  assert.equal((await everythingOn(kafka, letters)).length, 1)
})

test('what Postgres could not even be asked about is a dead letter, and holds up nobody', async () => {
  const seen: string[] = []
  start({
    kafka,
    handler: notingIn(seen),
    knownToLog: (events) => withPostgres(() => knownEvents(pool, events)),
  })
  const stored = newEvent(reviewCreated)
  await append(pool, [stored])
  const genuine = { ...event(), event_id: stored.eventId, aggregate_id: stored.aggregateId }
  const forged = [
    { ...event(), aggregate_version: 3_000_000_000 },
    { ...event(), aggregate_version: 1e21 },
    { ...event(), aggregate_id: 'a\u0000b' },
  ]
  for (const one of [...forged, genuine]) await send(JSON.stringify(one))
  await untilCaughtUp(4)
  assert.deepEqual(seen, [stored.eventId])
  const letters = await everythingOn(kafka, topics.deadLetters.name)
  assert.equal(letterOf(letters, 'unknown_to_log').length, 3)
  assert.equal(letters.length, 3)
})

test('whatever is wrong with one event outside the handler, it alone is a dead letter', async () => {
  const culprit = event()
  const seen: string[] = []
  start({
    kafka,
    handler: notingIn(seen),
    knownToLog: async (events) => {
      const ids = events.map(({ event_id }) => event_id)
      if (ids.includes(culprit.event_id)) throw new RangeError('a value that nobody thought of')
      return new Set(ids)
    },
  })
  const good = [event(), event()]
  for (const one of [good[0], culprit, good[1]]) await send(JSON.stringify(one))
  await untilCaughtUp(3)
  assert.deepEqual(
    seen,
    good.map(({ event_id }) => event_id),
  )
  const letters = await everythingOn(kafka, topics.deadLetters.name)
  assert.equal(letters.length, 1)
  assert.equal(letterOf(letters, 'handler_error').length, 1)
})

test('a time that cannot be read is a dead letter, stored once, also where what is told of it throws', async () => {
  start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], () => ok),
    onSettled: () => {
      throw new TypeError('a bug of whoever listens')
    },
  })
  const times = ['2026-11-23T11:30:00+01:00[Europe/Berlin]', '2016-12-31T23:59:60Z']
  for (const timestamp of times) await send(JSON.stringify({ ...event(), timestamp }))
  await untilCaughtUp(2)
  const letters = await everythingOn(kafka, topics.deadLetters.name)
  assert.equal(letters.length, 2)
  assert.equal(letterOf(letters, 'schema_mismatch').length, 2)
})

test('a letter or a retry that its topic does not take is a letter without its value, and holds up nobody', async () => {
  const seen: string[] = []
  const error = new AppError('mail_deferred', 'retryable', 'later')
  const large = event()
  const good = event()
  start({
    kafka,
    handler: handlerOf(groups.analytics, [reviewCreated], ({ event: { event_id } }) => {
      seen.push(event_id)
      return event_id === large.event_id ? { verdict: 'retry', error } : ok
    }),
    retries: retrySchedule(pool),
  })
  const topic = `${KAFKA_PREFIX}${nth}.${topics.reviews.name}`
  const brokers = KAFKA_BROKERS.split(',')
  const headers = { 'x-foreign': 'kept' }
  await sendCompressed(brokers, { topic, key: 'one review', value: largeText(8_000_000), headers })
  const added = largeText(3_000_000)
  await sendCompressed(brokers, { topic, key: 'one review', value: JSON.stringify({ ...large, added }) })
  await send('small')
  await send(JSON.stringify(good))
  await untilCaughtUp(4)

  assert.ok(seen.includes(good.event_id))
  const letters = await everythingOn(kafka, topics.deadLetters.name)
  assert.equal(letterOf(letters, 'undecodable').at(-1)?.value?.toString(), 'small')
  const [first, second, ...more] = letterOf(letters, 'record_too_large')
  assert.ok(first && second && more.length === 0)
  assert.equal(first.value, null)
  assert.equal(first.key?.toString(), 'one review')
  const text = (name: string) => headerText(first.headers, name)
  assert.equal(text('x-foreign'), 'kept')
  assert.equal(text('dlq-original-topic'), topics.reviews.name)
  assert.equal(text('dlq-original-offset'), '0')
  assert.match(text('dlq-error-message') ?? '', /too large for deadletter\.queue.*undecodable/)
  const message = headerText(second.headers, 'dlq-error-message') ?? ''
  assert.match(message, /too large for retry\.queue.*mail_deferred/)
  assert.equal(headerText(second.headers, 'dlq-original-offset'), '1')
})

test('a Postgres that became read-only is waited for, and nothing becomes a letter', async () => {
  const database = decodeURIComponent(new URL(DATABASE_URL).pathname.slice(1))
  const readOnly = (to: 'on' | 'off') =>
    pool.query(`alter database ${database} set default_transaction_read_only = ${to}`)
  await pool.query('create table effects (event_id uuid primary key)')
  await readOnly('on')
  const worker = createPool({ url: DATABASE_URL, size: 1, applicationName: 'read-only worker' })
  try {
    const runtime = start({
      kafka,
      handler: handlerOf(groups.analytics, [reviewCreated], async ({ event: { event_id } }) => {
        const insert = 'insert into effects (event_id) values ($1) on conflict do nothing'
        await withPostgres(() => worker.query(insert, [event_id]))
        return ok
      }),
    })
    for (const one of [event(), event()]) await send(JSON.stringify(one))
    await until('it waits', () => runtime.health().state === 'waiting')
    await assert.rejects(
      withPostgres(() => worker.query('insert into effects values (gen_random_uuid())')),
      isRetryable,
    )

    await readOnly('off')
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'read-only worker'",
    )
    await untilCaughtUp(2)
    assert.equal((await pool.query('select from effects')).rowCount, 2)
    assert.equal((await everythingOn(kafka, topics.deadLetters.name)).length, 0)
  } finally {
    await readOnly('off')
    await worker.end()
  }
})
