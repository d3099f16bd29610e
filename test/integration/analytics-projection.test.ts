import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { analyticsHandler } from '../../src/analytics/handler.ts'
import { toStatistics } from '../../src/analytics/statistics.ts'
import { readDays, readStats } from '../../src/analytics/statistics-store.ts'
import { cacheKeys, type Entity } from '../../src/contracts/cache-keys.ts'
import { isRetryable } from '../../src/platform/errors.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache, type FencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { insideOneWindow } from '../support/fence-window.ts'
import { appendToLog, newReview, type ReviewDelivery, reviewEvent } from '../support/review-events.ts'

let db: Pool
let redis: RedisClient
let cache: FencedCache
let handler: ReturnType<typeof analyticsHandler>
const context = {
  log: createLogger({ service: 'test', level: 'silent', format: 'json' }),
  signal: new AbortController().signal,
}

before(async () => {
  const { DATABASE_URL, REDIS_URL } = await createTestEnvironment()
  db = createPool({ url: DATABASE_URL, size: 10, applicationName: 'test' })
  redis = createRedis({ url: REDIS_URL, name: 'test', commandTimeoutMs: 1_000 })
  await once(redis, 'ready')
  cache = createFencedCache({ redis, ttlSeconds: 60, metrics: new Registry() })
  handler = analyticsHandler({ db, cache })
})

after(async () => {
  redis.disconnect()
  await db.end()
})

async function verdicts(batch: readonly ReviewDelivery[]) {
  return (await handler.handle(batch, context)).map((outcome) =>
    outcome.verdict === 'ok' ? 'ok' : outcome.error.code,
  )
}

async function statsOf(entity: Entity) {
  const { count, average, revision, position } = toStatistics(entity, await readStats(db, entity), {
    mean: 3.5,
    weight: 10,
  })
  return { count, average, revision, position }
}

const loads = (mark: number) => async () => ({ mark, body: `${mark}` })

test('the handler is stored under its group and its events', () => {
  assert.equal(handler.group, 'analytics-service')
  assert.deepEqual(
    handler.events.map(({ type }) => type),
    ['review.created.v1', 'review.updated.v1', 'review.deleted.v1', 'review.viewed.v1', 'stats.viewed.v1'],
  )
})

test('a review that is created, rated anew and deleted counts while it lives', async () => {
  const review = newReview()
  const day = new Date('2026-11-23T23:59:59.999Z')
  const [created, rated, retitled, deleted] = await appendToLog(db, [
    reviewEvent(review, 1, { created: 4.5 }, day),
    reviewEvent(review, 2, { rated: 2 }, new Date('2026-11-25T00:00:00.000Z')),
    reviewEvent(review, 3, { retitled: 'T' }, new Date('2026-11-26T00:00:00.000Z')),
    reviewEvent(review, 4, { deleted: true }, new Date('2026-11-27T00:00:00.000Z')),
  ])
  assert.ok(created && rated && retitled && deleted)
  const days = () => readDays(db, review, '2026-11-01', '2026-12-01')

  assert.deepEqual(await verdicts([created]), ['ok'])
  assert.deepEqual(await statsOf(review), {
    count: 1,
    average: 4.5,
    revision: 1,
    position: Number(created.position),
  })
  await verdicts([rated])
  assert.deepEqual(await statsOf(review), {
    count: 1,
    average: 2,
    revision: 2,
    position: Number(rated.position),
  })
  assert.deepEqual(await days(), [{ day: '2026-11-23', count: 1, halves: 4, views: 0 }])
  await verdicts([retitled, deleted])
  assert.deepEqual(await statsOf(review), {
    count: 0,
    average: 0,
    revision: 4,
    position: Number(deleted.position),
  })
  assert.deepEqual(await days(), [{ day: '2026-11-23', count: 0, halves: 0, views: 0 }])
  assert.equal((await readStats(db, review))?.updatedAt?.toISOString(), '2026-11-27T00:00:00.000Z')
})

test('repeats, in the same batch and later, change nothing', async () => {
  const review = newReview()
  const deliveries = await appendToLog(db, [
    reviewEvent(review, 1, { created: 5 }),
    reviewEvent(review, 2, { rated: 3 }),
  ])
  await verdicts([...deliveries, ...deliveries])
  const before = await statsOf(review)
  assert.equal(before.count, 1)
  assert.equal(before.revision, 2)
  assert.deepEqual(await verdicts([...deliveries].reverse()), ['ok', 'ok'])
  assert.deepEqual(await statsOf(review), before)
})

test('what is missing is read from the log and applied first; when it comes late it is a repeat', async () => {
  const review = newReview()
  const deliveries = await appendToLog(db, [
    reviewEvent(review, 1, { created: 5 }),
    reviewEvent(review, 2, { rated: 1 }),
    reviewEvent(review, 3, { rated: 2.5 }),
    reviewEvent(review, 4, { retitled: 'T' }),
  ])
  const [first, second, third, fourth] = deliveries
  assert.ok(first && second && third && fourth)
  assert.deepEqual(await verdicts([third]), ['ok'])
  assert.deepEqual(await statsOf(review), {
    count: 1,
    average: 2.5,
    revision: 3,
    position: Number(third.position),
  })
  assert.deepEqual(await verdicts([fourth, first, second]), ['ok', 'ok', 'ok'])
  assert.equal((await statsOf(review)).revision, 4)
})

test('a version that the log does not know is a dead letter, and its neighbours are counted', async () => {
  const [known, forged] = [newReview(), newReview('forged')]
  const [genuine] = await appendToLog(db, [reviewEvent(known, 1, { created: 5 })])
  const [created] = await appendToLog(db, [reviewEvent(forged, 1, { created: 2 })])
  assert.ok(genuine && created)
  const fake = { ...created, event: reviewEvent(forged, 3, { rated: 5 }) }
  assert.deepEqual(await verdicts([fake, genuine]), ['unknown_version', 'ok'])
  assert.equal((await statsOf(known)).count, 1)
  // What the log does know of that review was missing, and is there now.
  assert.equal((await statsOf(forged)).average, 2)
  assert.deepEqual(await verdicts([created]), ['ok'])
})

test('an id in capitals is the same review', async () => {
  const review = newReview()
  const [created] = await appendToLog(db, [reviewEvent(review, 1, { created: 5 })])
  assert.ok(created)
  const { event } = created
  const copy = { ...created, event: { ...event, aggregate_id: event.aggregate_id.toUpperCase() } }
  assert.deepEqual(await verdicts([copy, created]), ['ok', 'ok'])
  assert.equal((await statsOf(review)).revision, 1)
})

test('statistics are fenced at their revision after the commit, and again by a repeat', async () => {
  const review = newReview()
  const key = cacheKeys.stats(review)
  const deliveries = await appendToLog(db, [
    reviewEvent(review, 1, { created: 5 }),
    reviewEvent(review, 2, { rated: 3 }),
  ])
  await cache.read(key, '', loads(1))
  await insideOneWindow(redis)
  await verdicts(deliveries)
  await cache.read(key, '', loads(1))
  assert.equal(await redis.exists(key), 0)

  // As after a crash between the commit and the fence, with an old value left behind.
  await redis.flushdb()
  await cache.read(key, '', loads(1))
  await insideOneWindow(redis)
  assert.deepEqual(await verdicts(deliveries), ['ok', 'ok'])
  assert.equal(await redis.exists(key), 0)
  await cache.read(key, '', loads(1))
  assert.equal(await redis.exists(key), 0)
  assert.equal((await cache.read(key, '', loads(2))).mark, 2)
  assert.equal(await redis.exists(key), 1)
})

test('without Redis the batch is to be tried again, and is counted once', async () => {
  const review = newReview()
  const away = createRedis({ url: 'redis://127.0.0.1:1', name: 'test', commandTimeoutMs: 100 })
  const cacheless = analyticsHandler({
    db,
    cache: createFencedCache({ redis: away, ttlSeconds: 60, metrics: new Registry() }),
  })
  const deliveries = await appendToLog(db, [reviewEvent(review, 1, { created: 5 })])
  await assert.rejects(cacheless.handle(deliveries, context), isRetryable)
  away.disconnect()
  assert.deepEqual(await verdicts(deliveries), ['ok'])
  assert.equal((await statsOf(review)).count, 1)
})

test('without Postgres the batch is to be tried again', async () => {
  const away = createPool({ url: 'postgres://nobody@127.0.0.1:1/none', size: 2, applicationName: 'test' })
  const deliveries = await appendToLog(db, [reviewEvent(newReview(), 1, { created: 5 })])
  await assert.rejects(analyticsHandler({ db: away, cache }).handle(deliveries, context), isRetryable)
  await away.end()
})
