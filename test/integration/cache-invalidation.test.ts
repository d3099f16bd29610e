import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { cacheInvalidationHandler } from '../../src/cache/handler.ts'
import { cacheKeys } from '../../src/contracts/cache-keys.ts'
import { isRetryable } from '../../src/platform/errors.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache, type FencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { insideOneWindow } from '../support/fence-window.ts'
import { newReview, type ReviewInTest, reviewEvent } from '../support/review-events.ts'

let redis: RedisClient
let cache: FencedCache
let handler: ReturnType<typeof cacheInvalidationHandler>
const context = {
  log: createLogger({ service: 'test', level: 'silent', format: 'json' }),
  signal: new AbortController().signal,
}

before(async () => {
  const { REDIS_URL } = await createTestEnvironment()
  redis = createRedis({ url: REDIS_URL, name: 'test', commandTimeoutMs: 1_000 })
  await once(redis, 'ready')
  cache = createFencedCache({ redis, ttlSeconds: 60, metrics: new Registry() })
  handler = cacheInvalidationHandler({ redis, cache })
})

after(() => redis.disconnect())

const delivery = (review: ReviewInTest, position: bigint | null, version = 1) => ({
  event: reviewEvent(review, version, version === 1 ? { created: 4 } : { deleted: true }),
  position,
  traceparent: null,
  attempt: 1,
})

const loads = (mark: number) => async () => ({ mark, body: `${mark}` })

test('the handler is stored under its group and its events', () => {
  assert.equal(handler.group, 'cache-invalidation-service')
  assert.deepEqual(
    handler.events.map(({ type }) => type),
    ['review.created.v1', 'review.updated.v1', 'review.deleted.v1'],
  )
})

test('what others put under the keys of the contract goes, and nothing else does', async () => {
  const review = newReview('a:b/*')
  const lists = cacheKeys.lists(review)
  const cleared = [
    lists,
    `${lists}:page:2`,
    `${lists}ByRating`,
    cacheKeys.stats(review),
    cacheKeys.review(review.reviewId),
  ]
  const kept = [
    cacheKeys.lists(newReview('a:b/*2')),
    `${cacheKeys.lists(newReview('a'))}:page:2`,
    `${cacheKeys.stats(review)}:mine`,
    `${cacheKeys.review(review.reviewId)}0`,
    `x${lists}`,
  ]
  for (const key of [...cleared, ...kept]) await redis.set(key, 'planted')
  const outcomes = await handler.handle([delivery(review, 1n)], context)
  assert.deepEqual(outcomes, [{ verdict: 'ok' }])
  for (const key of cleared) assert.equal(await redis.exists(key), 0, key)
  for (const key of kept) assert.equal(await redis.exists(key), 1, key)
})

test('lists older than the event go and cannot come back, newer ones stay', async () => {
  const [old, fresh] = [newReview(), newReview()]
  await cache.read(cacheKeys.lists(old), '', loads(7))
  await cache.read(cacheKeys.lists(fresh), '', loads(8))
  await insideOneWindow(redis)
  await handler.handle([delivery(old, 8n), delivery(fresh, 8n)], context)
  await cache.read(cacheKeys.lists(old), '', loads(7))
  assert.equal(await redis.exists(cacheKeys.lists(old)), 0)
  assert.equal((await cache.read(cacheKeys.lists(fresh), '', loads(9))).mark, 8)
})

test('one fence of an entity’s many events: the highest position', async () => {
  const review = newReview()
  await insideOneWindow(redis)
  await handler.handle([delivery(review, 12n, 2), delivery(review, 11n)], context)
  await cache.read(cacheKeys.lists(review), '', loads(11))
  assert.equal(await redis.exists(cacheKeys.lists(review)), 0)
})

test('statistics are dropped, but fenced by nobody here: revisions are not positions', async () => {
  const review = newReview()
  await cache.read(cacheKeys.stats(review), '', loads(3))
  await handler.handle([delivery(review, 1_000n)], context)
  assert.equal((await cache.read(cacheKeys.stats(review), '', loads(4))).hit, false)
  assert.equal((await cache.read(cacheKeys.stats(review), '', loads(5))).mark, 4)
})

test('a copy without its position clears what a fence need not hold', async () => {
  const review = newReview()
  await redis.set(cacheKeys.stats(review), 'planted')
  await handler.handle([delivery(review, null)], context)
  assert.equal(await redis.exists(cacheKeys.stats(review)), 0)
})

test('a thousand planted keys go in one batch of many entities', async () => {
  const reviews = Array.from({ length: 50 }, () => newReview())
  const planted = reviews.flatMap((review) =>
    Array.from({ length: 20 }, (_, i) => `${cacheKeys.lists(review)}:${i}`),
  )
  await redis.mset(Object.fromEntries(planted.map((key) => [key, 'planted'])))
  await handler.handle(
    reviews.map((review, i) => delivery(review, BigInt(i))),
    context,
  )
  assert.equal(await redis.exists(...planted), 0)
})

test('without Redis the batch is to be tried again', async () => {
  const away = createRedis({ url: 'redis://127.0.0.1:1', name: 'test', commandTimeoutMs: 100 })
  const other = cacheInvalidationHandler({
    redis: away,
    cache: createFencedCache({ redis: away, ttlSeconds: 60, metrics: new Registry() }),
  })
  await assert.rejects(other.handle([delivery(newReview(), 1n)], context), isRetryable)
  away.disconnect()
})
