import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, test } from 'node:test'
import { groups } from '../../src/contracts/consumer-groups.ts'
import type { Envelope } from '../../src/contracts/event.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { reviewDeleted } from '../../src/contracts/events/review-deleted.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import { topics } from '../../src/contracts/topics.ts'
import { AppError, unavailable } from '../../src/platform/errors.ts'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import { groupLag } from '../../src/platform/kafka/lag.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { headerText, type IncomingRecord } from '../../src/platform/kafka/records.ts'
import type { ConsumerRuntime } from '../../src/platform/messaging/consumer-runtime.ts'
import { ok } from '../../src/platform/messaging/handler.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { everythingOn, handlerOf, runtimeOf } from '../support/runtime.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const { KAFKA_BROKERS, KAFKA_PREFIX } = await createTestEnvironment()
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

  assert.deepEqual(
    seen,
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
    handler: handlerOf(groups.analytics, [reviewCreated], ({ event: { event_id } }) => {
      seen.push(event_id)
      return ok
    }),
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
  await admin.deleteTopic(topics.deadLetters.name)
  await send('poison')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const committed = (await admin.committed(groups.analytics)).get(topics.reviews.name)
  assert.ok([...(committed ?? [])].every(([, offset]) => offset === 0n))
  await applyTopics(admin, 3)
  await untilCaughtUp(1)
  assert.equal((await everythingOn(kafka, topics.deadLetters.name)).length, 1)
})
