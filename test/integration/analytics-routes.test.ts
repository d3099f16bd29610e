import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { trace } from '@opentelemetry/api'
import { Registry } from 'prom-client'
import { analyticsHandler } from '../../src/analytics/handler.ts'
import { analyticsRoutes } from '../../src/analytics/routes.ts'
import type { Entity } from '../../src/contracts/cache-keys.ts'
import { encodeConsistencyToken } from '../../src/platform/consistency-token.ts'
import { createHttpServer, type HttpServer } from '../../src/platform/http/server.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { appendToLog, newReview, reviewEvent } from '../support/review-events.ts'

let db: Pool
let redis: RedisClient
let app: HttpServer['app']
let handler: ReturnType<typeof analyticsHandler>
const log = createLogger({ service: 'test', level: 'silent', format: 'json' })
const context = { log, signal: new AbortController().signal }

before(async () => {
  const { DATABASE_URL, REDIS_URL } = await createTestEnvironment()
  const metrics = new Registry()
  db = createPool({ url: DATABASE_URL, size: 10, applicationName: 'test' })
  redis = createRedis({ url: REDIS_URL, name: 'test', commandTimeoutMs: 1_000 })
  await once(redis, 'ready')
  const cache = createFencedCache({ redis, ttlSeconds: 60, metrics })
  handler = analyticsHandler({ db, cache })
  ;({ app } = createHttpServer({ tracer: trace.getTracer('test'), log, metrics, open: null }))
  await app.register(analyticsRoutes, {
    db,
    cache,
    prior: { mean: 3.5, weight: 10 },
    now: () => new Date('2026-11-23T10:30:00.000Z'),
  })
})

after(async () => {
  await app.close()
  redis.disconnect()
  await db.end()
})

const urlOf = ({ entityType, entityId }: Entity) =>
  `/api/v1/entities/${encodeURIComponent(entityType)}/${encodeURIComponent(entityId)}`

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({ url, headers })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

test('an entity that nobody has reviewed has statistics of zeros', async () => {
  const { status, headers, body } = await get(`${urlOf({ entityType: 'product', entityId: 'none' })}/stats`)
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.deepEqual(body, {
    entity_type: 'product',
    entity_id: 'none',
    count: 0,
    average: 0,
    histogram: { 1: 0, 1.5: 0, 2: 0, 2.5: 0, 3: 0, 3.5: 0, 4: 0, 4.5: 0, 5: 0 },
    bayesian_average: 0,
    updated_at: null,
    revision: 0,
    position: 0,
  })
})

test('statistics follow the events at once, from the cache too, for an id of any script', async () => {
  const first = newReview('gid://shopify/Product/ünï:☕')
  const second = { ...newReview(first.entityId) }
  const at = new Date('2026-11-23T10:29:59.123Z')
  const url = `${urlOf(first)}/stats`
  assert.equal((await get(url)).body.count, 0)
  await handler.handle(await appendToLog(db, [reviewEvent(first, 1, { created: 5 }, at)]), context)
  assert.equal((await get(url)).body.count, 1)
  const deliveries = await appendToLog(db, [reviewEvent(second, 1, { created: 3.5 }, at)])
  await handler.handle(deliveries, context)
  const { body } = await get(url)
  assert.deepEqual(body, {
    entity_type: 'product',
    entity_id: first.entityId,
    count: 2,
    average: 4.25,
    histogram: { 1: 0, 1.5: 0, 2: 0, 2.5: 0, 3: 0, 3.5: 1, 4: 0, 4.5: 0, 5: 1 },
    bayesian_average: 3.63,
    updated_at: '2026-11-23T10:29:59.123Z',
    revision: 2,
    position: Number(deliveries[0]?.position),
  })
  await db.query('update analytics.entity_stats set revision = 99 where entity_id = $1', [first.entityId])
  assert.deepEqual((await get(url)).body, body, 'the second read is a hit')
})

test('a reader with a token waits for its write, and gets it', async () => {
  const review = newReview()
  const [delivery] = await appendToLog(db, [reviewEvent(review, 1, { created: 5 })])
  assert.ok(delivery)
  const token = encodeConsistencyToken({
    aggregateId: review.reviewId,
    version: 1,
    position: Number(delivery.position),
  })
  const read = () => get(`${urlOf(review)}/stats`, { 'consistency-token': token })
  const reading = read()
  await handler.handle([delivery], context)
  let answer = await reading
  // It waits for half a second: where that is too short for this machine, the answer says so.
  while (answer.headers['consistency-status'] === 'stale') answer = await read()
  assert.equal(answer.body.count, 1)
})

test('a write that does not come in time is said to be missing', async () => {
  const review = newReview()
  const token = encodeConsistencyToken({ aggregateId: review.reviewId, version: 1, position: 1 })
  const { status, headers, body } = await get(`${urlOf(review)}/stats`, { 'consistency-token': token })
  assert.equal(status, 200)
  assert.equal(headers['consistency-status'], 'stale')
  assert.equal(body.count, 0)
})

test('a value in the cache from before the write of the token is not answered', async () => {
  const review = newReview()
  const url = `${urlOf(review)}/stats`
  await get(url)
  // Counted, but its fence is still on its way.
  const unfenced = analyticsHandler({
    db,
    cache: { fence: async () => undefined, read: () => assert.fail() },
  })
  await unfenced.handle(await appendToLog(db, [reviewEvent(review, 1, { created: 5 })]), context)
  assert.equal((await get(url)).body.count, 0)
  const token = encodeConsistencyToken({ aggregateId: review.reviewId, version: 1, position: 1 })
  assert.equal((await get(url, { 'consistency-token': token })).body.count, 1)
})

test('the series has each day, live reviews on the day of their creation', async () => {
  const [kept, gone, moved] = [newReview('series'), newReview('series'), newReview('series')]
  const events = [
    reviewEvent(kept, 1, { created: 5 }, new Date('2026-11-20T23:59:59.999Z')),
    reviewEvent(gone, 1, { created: 1 }, new Date('2026-11-20T00:00:00.000Z')),
    reviewEvent(gone, 2, { deleted: true }, new Date('2026-11-21T00:00:00.000Z')),
    reviewEvent(moved, 1, { created: 1 }, new Date('2026-11-22T00:00:00.000Z')),
    reviewEvent(moved, 2, { rated: 4.5 }, new Date('2026-11-23T00:00:00.000Z')),
  ]
  await handler.handle(await appendToLog(db, events), context)
  const url = `${urlOf(kept)}/timeseries`
  const { status, body } = await get(`${url}?interval=day&from=2026-11-20&to=2026-11-23`)
  assert.equal(status, 200)
  assert.deepEqual(body, {
    items: [
      { start: '2026-11-20T00:00:00.000Z', count: 1, average: 5, views: 0 },
      { start: '2026-11-21T00:00:00.000Z', count: 0, average: 0, views: 0 },
      { start: '2026-11-22T00:00:00.000Z', count: 1, average: 4.5, views: 0 },
    ],
  })
  const byDefault = (await get(url)).body.items
  assert.equal(byDefault.length, 30)
  assert.equal(byDefault[0].start, '2026-10-25T00:00:00.000Z')
})

const refused: [query: string, pointer: string, code: string][] = [
  ['interval=week', '/interval', 'enum'],
  ['from=yesterday', '/from', 'format'],
  ['to=2026-02-30', '/to', 'format'],
  ['from=2020-01-01', '/from', 'range'],
  ['from=2026-11-20&to=2026-11-19', '/from', 'range'],
  ['since=2026-11-20', '/since', 'unknown'],
]

for (const [query, pointer, code] of refused) {
  test(`a series is refused for ${query}`, async () => {
    const { status, body } = await get(`/api/v1/entities/product/p/timeseries?${query}`)
    assert.equal(status, 422)
    assert.equal(body.code, 'validation_failed')
    assert.deepEqual(
      body.errors.map((error: { in: string; pointer: string; code: string }) => [
        error.in,
        error.pointer,
        error.code,
      ]),
      [['query', pointer, code]],
    )
  })
}
