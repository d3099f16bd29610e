import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { Registry } from 'prom-client'
import { isRetryable } from '../../src/platform/errors.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { createFencedCache, type FencedCache } from '../../src/platform/redis/fenced-cache.ts'
import { privateRedis } from '../support/redis-server.ts'
import { until } from '../support/until.ts'

let server: Awaited<ReturnType<typeof privateRedis>>
let redis: RedisClient
/** For what is looked up besides, and may take its time. */
let patient: RedisClient
let cache: FencedCache

before(async () => {
  server = await privateRedis()
  redis = createRedis({ url: server.url, name: 'test', commandTimeoutMs: 100 })
  patient = createRedis({ url: server.url, name: 'patient', commandTimeoutMs: 5_000 })
  await Promise.all([once(redis, 'ready'), once(patient, 'ready')])
  cache = createFencedCache({ redis, ttlSeconds: 60, metrics: new Registry() })
})

after(async () => {
  redis.disconnect()
  patient.disconnect()
  server.signal('SIGCONT')
  await server.kill()
})

const one = async () => ({ mark: 1, body: '1' })
const fenced = (key: string, mark: number) => cache.fence([{ key, mark }]).then(() => true)
const reconnected = () => until('the client is connected again', () => redis.status === 'ready')

test('without Redis a reader loads, and a fence fails as retryable', async () => {
  await server.kill()
  assert.deepEqual(await cache.read('k', '', one), { mark: 1, body: '1', hit: false })
  await assert.rejects(cache.fence([{ key: 'k', mark: 1 }]), isRetryable)
  await server.start()
  await reconnected()
  await until('the cache is used again', async () => (await cache.read('k', '', one)).hit)
})

test('a fill in flight over a restart of Redis, which forgot the fences, is refused', async () => {
  const asked = Promise.withResolvers<void>()
  const loaded = Promise.withResolvers<void>()
  const reader = cache.read('flight', '', async () => {
    asked.resolve()
    await loaded.promise
    return { mark: 1, body: 'old' }
  })
  await asked.promise
  await until('it is fenced', () => fenced('flight', 2))
  await server.kill()
  await server.start()
  await reconnected()
  loaded.resolve()
  assert.equal((await reader).body, 'old')
  assert.equal(await patient.exists('flight'), 0)
})

test('a Redis that hangs costs one reader its timeout, and the others nothing', async () => {
  server.signal('SIGSTOP')
  const began = performance.now()
  for (let i = 0; i < 20; i++) assert.equal((await cache.read(`hung:${i}`, '', one)).hit, false)
  // Twenty timeouts are two seconds.
  assert.ok(performance.now() - began < 1_500)
  await assert.rejects(cache.fence([{ key: 'k', mark: 1 }]), isRetryable)
  server.signal('SIGCONT')
  await until('the cache is used again', async () => (await cache.read('hung', '', one)).hit)
})

test('a server that has become a replica is left for the one that its address leads to', async () => {
  const idOf = async () => Number(/id=(\d+)/.exec(String(await redis.client('INFO')))?.[1])
  const before = await until('it has a connection', idOf)
  // A replica of nobody that answers: as the old primary after a failover, it takes no writes.
  await patient.replicaof('127.0.0.1', 1)
  await assert.rejects(cache.fence([{ key: 'k', mark: 9 }]), isRetryable)
  await until('the connection is another', async () => (await idOf()) !== before)
  await patient.replicaof('NO', 'ONE')
  await until('it is written to', () => fenced('k', 9))
})
