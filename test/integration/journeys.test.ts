import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { findJourney } from '../../src/ops/journeys/find-journey.ts'
import { AppError } from '../../src/platform/errors.ts'
import { Journal } from '../../src/platform/journeys/journal.ts'
import { purgeJourneys } from '../../src/platform/journeys/journey-store.ts'
import type { Producer } from '../../src/platform/kafka/producer.ts'
import { readAfter } from '../../src/platform/log/stored-event.ts'
import { toRecord } from '../../src/platform/log/to-record.ts'
import type { Outcome } from '../../src/platform/messaging/handler.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { startOps } from '../support/ops.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'

const group = 'notification-service'
let ops: Awaited<ReturnType<typeof startOps>>
let producer: Producer
let journal: Journal

before(async () => {
  ops = await startOps(await createTestEnvironment())
  producer = ops.kafka.producer()
  journal = new Journal(ops.pool, silent)
  journal.start()
})

after(async () => {
  await journal.stop()
  await producer.close()
  await ops.stop()
})

/** Appends, publishes and notes so many events, as the relay does. */
async function publish(count: number, metadata: string) {
  const [before] = await append(ops.pool, [newEvent(reviewCreated)])
  const events = Array.from({ length: count }, () => newEvent(reviewCreated, { metadata }))
  await append(ops.pool, events)
  const stored = await readAfter(ops.pool, before ?? 0, count)
  await producer.send(stored.map((event) => toRecord(event, null)))
  journal.published(stored)
  return stored
}

/** Notes outcomes of what lies on the topic, as a group's runtime does. */
async function settle(eventId: string, outcome: Outcome, number = 1): Promise<void> {
  const partitions = [0, 1, 2]
  const read = await Promise.all(
    partitions.map((partition) => ops.reader.read('reviews.events', partition, 0n)),
  )
  const records = read.flat()
  const results = records.map((record) => {
    const own = record.headers.some(([, value]) => value?.toString('utf8') === eventId)
    return { own, attempt: { record, number, firstFailedAt: null, isReplay: false }, event: null }
  })
  const ok: Outcome = { verdict: 'ok' }
  journal.settled(
    group,
    results
      .filter(({ own }) => number === 1 || own)
      .map(({ own, ...result }) => ({ ...result, outcome: own ? outcome : ok })),
  )
}

test('an event is found by each of its ids, and its life is told with the place where it lies', async () => {
  const traceId = 'aa'.repeat(16)
  const stored = await publish(20, JSON.stringify({ correlation_id: 'order-9', trace_id: traceId }))
  const event = stored[7]
  assert.ok(event)
  const error = new AppError('mail_unavailable', 'retryable', 'the mail server is away')
  await settle(event.event_id, { verdict: 'retry', error })
  await settle(event.event_id, { verdict: 'ok' }, 2)

  const page = await until('both attempts are noted', async () => {
    const found = await findJourney(ops, event.aggregate_id)
    const noted = found.events[0]?.moments.map(({ title }) => title)
    return noted?.includes(`${group} will try again`) && noted.includes(`${group} is done`) && found
  })
  assert.equal(page.found_by, 'review')
  const titles = page.events[0]?.moments.map(({ title }) => title).slice(0, 5)
  assert.deepEqual(titles, [
    'Accepted',
    'In the log',
    'Published',
    `${group} will try again`,
    `${group} is done`,
  ])
  assert.match(page.events[0]?.moments[2]?.detail ?? '', /^reviews\.events, partition \d, offset \d+$/)

  assert.equal((await findJourney(ops, event.event_id)).found_by, 'event')
  const byTrace = await findJourney(ops, traceId)
  assert.deepEqual([byTrace.found_by, byTrace.events.length], ['trace', 20])
  assert.equal((await findJourney(ops, 'order-9')).found_by, 'correlation')
  assert.equal((await findJourney(ops, 'order-10')).found_by, null)
})

test('what is noted has a lifetime', async () => {
  await ops.pool.query(`update journey_publications set published_at = now() - interval '4 days'`)
  await ops.pool.query(`update journey_keys set noted_at = now() - interval '4 days'`)
  await ops.pool.query(
    `insert into journey_keys (key, position, noted_at)
     select nth, nth, now() - case when nth = 1 then interval '1 day' else interval '4 days' end
     from generate_series(1, 12000) as nth`,
  )
  await purgeJourneys(ops.pool)
  assert.equal((await findJourney(ops, 'order-9')).found_by, null)
  assert.deepEqual((await ops.pool.query('select key from journey_keys')).rows, [{ key: 1 }])
})
