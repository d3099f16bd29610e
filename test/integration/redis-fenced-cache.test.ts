import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache, type FencedCache, type Loaded } from '../../src/platform/redis/fenced-cache.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { insideOneWindow } from '../support/fence-window.ts'

let redis: RedisClient
let cache: FencedCache
const metrics = new Registry()

before(async () => {
  const { REDIS_URL } = await createTestEnvironment()
  redis = createRedis({ url: REDIS_URL, name: 'test', commandTimeoutMs: 1_000 })
  await once(redis, 'ready')
  cache = createFencedCache({ redis, ttlSeconds: 60, metrics })
})

after(() => redis.disconnect())

const loads = (mark: number) => async (): Promise<Loaded> => ({ mark, body: `{"mark":${mark}}` })
const never = () => assert.fail('nothing had to be loaded')

/** A reader that has seen nothing in the cache and is about to load. */
async function readerInFlight(key: string, variant = '') {
  const asked = Promise.withResolvers<void>()
  const loaded = Promise.withResolvers<Loaded>()
  const answer = cache.read(key, variant, () => {
    asked.resolve()
    return loaded.promise
  })
  await asked.promise
  return {
    async answers(mark: number) {
      loaded.resolve(await loads(mark)())
      return answer
    },
  }
}

test('what was loaded is kept, as the text that it was', async () => {
  const body = '{"title":"Ünï ☕ \\u0000\\n","n":1.50}'
  assert.deepEqual(await cache.read('text', 'v', async () => ({ mark: 3, body })), {
    mark: 3,
    body,
    hit: false,
  })
  assert.deepEqual(await cache.read('text', 'v', never), { mark: 3, body, hit: true })
})

test('variants of one thing are kept apart, and cleared by one DEL of its public key', async () => {
  await cache.read('variants', 'a', loads(1))
  await cache.read('variants', 'b', loads(2))
  assert.equal((await cache.read('variants', 'a', never)).mark, 1)
  assert.equal((await cache.read('variants', 'b', never)).mark, 2)
  assert.equal(await redis.del('variants'), 1)
  assert.equal((await cache.read('variants', 'a', loads(3))).hit, false)
})

test('a fence drops what is below it and leaves what is not', async () => {
  await cache.read('below', '', loads(4))
  await cache.read('at', '', loads(5))
  await cache.fence([
    { key: 'below', mark: 5 },
    { key: 'at', mark: 5 },
  ])
  assert.equal((await cache.read('below', '', loads(5))).hit, false)
  assert.equal((await cache.read('at', '', never)).mark, 5)
})

test('a fill below the fence is refused, however late the fence came', async () => {
  const reader = await readerInFlight('raced')
  await cache.fence([{ key: 'raced', mark: 8 }])
  assert.equal((await reader.answers(7)).mark, 7)
  assert.equal(await redis.exists('raced'), 0)
  await cache.read('raced', '', loads(8))
  assert.equal((await cache.read('raced', '', never)).mark, 8)
})

test('a fence is never lowered', async () => {
  await insideOneWindow(redis)
  await cache.fence([{ key: 'raised', mark: 9 }])
  await cache.fence([{ key: 'raised', mark: 2 }])
  await cache.read('raised', '', loads(8))
  assert.equal(await redis.exists('raised'), 0)
})

test('the older of two fills does not replace the newer', async () => {
  const slow = await readerInFlight('filled twice')
  const other = createFencedCache({ redis, ttlSeconds: 60, metrics: new Registry() })
  await other.read('filled twice', '', loads(2))
  await slow.answers(1)
  assert.equal((await cache.read('filled twice', '', never)).mark, 2)
})

test('a fence of many things is raised for each', async () => {
  const keys = Array.from({ length: 1_234 }, (_, i) => `many:${i}`)
  await insideOneWindow(redis)
  await cache.fence(keys.map((key, i) => ({ key, mark: i })))
  await cache.read('many:1233', '', loads(1_232))
  await cache.read('many:0', '', loads(0))
  assert.equal(await redis.exists('many:1233'), 0)
  assert.equal(await redis.exists('many:0'), 1)
})

test('a reader that knows of something newer does not take an older hit', async () => {
  await cache.read('known', '', loads(1))
  assert.equal((await cache.read('known', '', loads(2), { atLeast: 2 })).mark, 2)
  assert.equal((await cache.read('known', '', never, { atLeast: 1 })).mark, 1)
})

test('what somebody else put under a key neither breaks it nor is answered, and goes', async () => {
  const planted: [string, (key: string) => Promise<unknown>][] = [
    ['string', (key) => redis.set(key, 'x')],
    ['list', (key) => redis.rpush(key, 'x')],
    ['foreign hash', (key) => redis.hset(key, { '=': 'not ours', field: 'x' })],
    ['sorted set', (key) => redis.zadd(key, 1, 'x')],
  ]
  for (const [key, plant] of planted) {
    await plant(key)
    assert.equal((await cache.read(key, '', loads(1))).hit, false, key)
    assert.equal((await cache.read(key, '', never)).hit, true, key)
    await redis.del(key)
    await plant(key)
    await cache.fence([{ key, mark: 1 }])
    assert.equal(await redis.exists(key), 0, key)
  }
})

test('everything that is kept or raised expires, and a thing is not kept alive by its fills', async () => {
  await cache.read('expiring', 'a', loads(1))
  await redis.expire('expiring', 5)
  await cache.read('expiring', 'b', loads(1))
  assert.ok((await redis.ttl('expiring')) <= 5)
  for (const key of await redis.keys('*')) assert.notEqual(await redis.ttl(key), -1, key)
})

test('a thing has a bounded number of variants', async () => {
  for (let i = 0; i < 250; i++) await cache.read('crowded', String(i), loads(1))
  assert.ok((await redis.hlen('crowded')) <= 101)
  assert.equal((await cache.read('crowded', '249', never)).hit, true)
})

test('a fill whose fences were lost is refused', async () => {
  const reader = await readerInFlight('forgotten')
  await cache.fence([{ key: 'forgotten', mark: 2 }])
  await redis.flushdb()
  // Another reader makes a new epoch.
  await cache.read('something else', '', loads(1))
  await reader.answers(1)
  assert.equal(await redis.exists('forgotten'), 0)
})

test('reads and fills are counted by what came of them', async () => {
  const text = await metrics.metrics()
  for (const sample of [
    'thereview_cache_reads_total{result="hit"}',
    'thereview_cache_reads_total{result="miss"}',
    'thereview_cache_fills_total{result="kept"}',
    'thereview_cache_fills_total{result="refused"}',
  ]) {
    assert.ok(text.includes(sample), sample)
  }
})
