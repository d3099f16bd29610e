// Who asks too often is told so, by all instances together, and nobody waits for Redis to find out.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RateLimiter } from '../../src/platform/http/rate-limiter.ts'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/client.ts'
import { sharedCounts } from '../../src/platform/redis/shared-counts.ts'
import { startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { privateRedis } from '../support/redis-server.ts'
import { asServer, asUser, authConfig, bearer } from '../support/tokens.ts'

const limits = { perUser: 5, perKey: 8, perAddress: 3 }

let server: Awaited<ReturnType<typeof privateRedis>>
let db: Pool
let redises: RedisClient[]
let limiters: RateLimiter[]
let apis: TestApi[]
let one: TestApi
let other: TestApi

before(async () => {
  const environment = await createTestEnvironment()
  server = await privateRedis()
  db = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test' })
  redises = [1, 2].map(() => createRedis({ url: server.url, name: 'test', commandTimeoutMs: 250 }))
  // A minute that does not end while the test runs.
  const started = new Date()
  limiters = redises.map(
    (redis) =>
      new RateLimiter({ addToCounts: sharedCounts(redis), now: () => started, onError: () => undefined }),
  )
  for (const limiter of limiters) limiter.start()
  const starting = limiters.map((limiter) =>
    startTestApi(environment, {
      verify: createVerifier(authConfig, db),
      limits: { ...limits, limiter },
      trustedProxies: ['127.0.0.1'],
    }),
  )
  apis = await Promise.all(starting)
  one = apis[0] ?? assert.fail()
  other = apis[1] ?? assert.fail()
})

after(async () => {
  for (const limiter of limiters) await limiter.stop()
  for (const api of apis) await api.stop()
  for (const redis of redises) redis.disconnect()
  await db.end()
  await server.kill()
})

async function ask(headers: Record<string, string>, api = one, url = '/api/v1/reviews') {
  const { statusCode: status, headers: answered, json } = await api.app.inject({ url, headers })
  return { status, headers: answered, json }
}

/** The statuses of so many requests, one after another. */
async function asks(count: number, headers: Record<string, string>, api = one) {
  const statuses: number[] = []
  for (let n = 0; n < count; n += 1) statuses.push((await ask(headers, api)).status)
  return statuses
}

const from = (address: string) => ({ 'x-forwarded-for': address })

test('an answer says what is left, and the one too many when to come again', async () => {
  const alice = await asUser('alice')
  const first = await ask(alice)
  assert.equal(first.status, 200)
  assert.equal(first.headers['ratelimit-limit'], '5')
  assert.equal(first.headers['ratelimit-remaining'], '4')
  const reset = Number(first.headers['ratelimit-reset'])
  assert.ok(reset >= 1 && reset <= 60)

  assert.deepEqual(await asks(4, alice), [200, 200, 200, 200])
  const refused = await ask(alice)
  assert.equal(refused.status, 429)
  assert.match(String(refused.headers['content-type']), /^application\/problem\+json/)
  assert.equal(refused.json().code, 'rate_limited')
  assert.equal(refused.headers['retry-after'], String(reset))
  assert.equal(refused.headers['ratelimit-remaining'], '0')
  assert.equal(refused.headers['x-content-type-options'], 'nosniff')
})

test('users, keys and addresses are counted apart, each by its own limit', async () => {
  const key = await asServer(db, 'reviews:write')
  assert.deepEqual(await asks(9, { ...key, ...from('192.0.2.1') }), [...Array(8).fill(200), 429])
  assert.deepEqual(await asks(6, { ...(await asUser('bob')), ...from('192.0.2.1') }), [
    ...Array(5).fill(200),
    429,
  ])
  assert.deepEqual(await asks(4, from('192.0.2.1')), [200, 200, 200, 429])
  assert.deepEqual(await asks(1, from('192.0.2.2')), [200])
})

test('whoever tries credentials is counted by address, and told no more once it is enough', async () => {
  const guess = { ...bearer('trk_000000000000_'.padEnd(60, 'x')), ...from('192.0.2.3') }
  assert.deepEqual(await asks(5, guess), [401, 401, 401, 429, 429])
  assert.deepEqual(await asks(1, { ...(await asUser('carol')), ...from('192.0.2.3') }), [200])
})

test('addresses of one IPv6 network are one', async () => {
  assert.deepEqual(await asks(2, from('2001:db8::1')), [200, 200])
  assert.deepEqual(await asks(2, from('2001:db8::2')), [200, 429])
})

test('what a client says of its address is believed of a proxy alone', async () => {
  // The proxy has added the last one; what is before it, anybody can write.
  assert.deepEqual(await asks(3, from('198.51.100.1, 192.0.2.4')), [200, 200, 200])
  assert.deepEqual(await asks(1, from('198.51.100.2, 192.0.2.4')), [429])
})

test('paths that are none are counted, and health is not', async () => {
  const scanner = from('192.0.2.5')
  for (let n = 0; n < 3; n += 1) assert.equal((await ask(scanner, one, '/wp-admin')).status, 404)
  assert.equal((await ask(scanner, one, '/wp-admin')).status, 429)
  assert.equal((await ask(scanner, one, '/health/live')).status, 200)
})

test('instances count together', async () => {
  const dave = await asUser('dave')
  assert.deepEqual(await asks(4, dave, one), [200, 200, 200, 200])
  await limiters[0]?.share()
  assert.deepEqual(await asks(1, dave, other), [200])
  await limiters[1]?.share()
  assert.deepEqual(await asks(1, dave, other), [429])
})

test('a Redis that is frozen or gone makes nobody wait, and each instance goes on alone', async () => {
  const timed = async (user: string) => {
    const headers = await asUser(user)
    const began = performance.now()
    const statuses = await asks(6, headers)
    return { statuses, ms: performance.now() - began }
  }
  server.signal('SIGSTOP')
  const frozen = await timed('erin')
  server.signal('SIGCONT')
  await server.kill()
  const gone = await timed('frank')
  for (const { statuses, ms } of [frozen, gone]) {
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429])
    // Six time-outs would be more.
    assert.ok(ms < 1_500, `${ms} ms`)
  }
})
