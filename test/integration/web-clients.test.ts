// What browsers are told: who may call from a page, and that no answer is a page.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { asUser, authConfig } from '../support/tokens.ts'

const environment = await createTestEnvironment()
const shop = 'https://shop.example'
const closed = await startTestApi(environment)
const verify = createVerifier(authConfig, closed.reads)
const named = await startTestApi(environment, { verify, corsOrigins: [shop, 'http://localhost:3000'] })
const all = await startTestApi(environment, { verify, corsOrigins: ['*'] })
const local = await startTestApi(environment, { corsOrigins: [shop] })
after(() => Promise.all([closed, named, all, local].map((api) => api.stop())))

const corsOf = (headers: Record<string, unknown>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'))

const get = (api: TestApi, origin: string) =>
  api.app.inject({ url: '/api/v1/reviews', headers: { origin, host: 'localhost' } })

const preflight = (api: TestApi, origin: string) =>
  api.app.inject({
    method: 'OPTIONS',
    url: '/api/v1/reviews',
    headers: {
      origin,
      host: 'localhost',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  })

test('nobody may call from a page unless configured', async () => {
  const authenticated = await startTestApi(environment, { verify })
  for (const answer of [await get(authenticated, shop), await preflight(authenticated, shop)]) {
    assert.deepEqual(corsOf(answer.headers), [])
  }
  assert.equal((await preflight(authenticated, shop)).statusCode, 405)
  await authenticated.stop()
})

test('a page of a named origin may ask, write, and read our headers', async () => {
  const allowed = await preflight(named, shop)
  assert.equal(allowed.statusCode, 204)
  assert.equal(allowed.headers['access-control-allow-origin'], shop)
  assert.match(String(allowed.headers['access-control-allow-methods']), /PUT.*DELETE/)
  assert.match(String(allowed.headers['access-control-allow-headers']), /Authorization.*Idempotency-Key/)
  assert.equal(allowed.headers['access-control-allow-credentials'], undefined)
  assert.equal(allowed.headers.vary, 'Origin')

  const { user_id: _, ...review } = aReview
  const written = await named.post(review, { origin: shop, ...(await asUser('ada')) })
  assert.equal(written.statusCode, 201)
  assert.equal(written.headers['access-control-allow-origin'], shop)
  assert.match(String(written.headers['access-control-expose-headers']), /Consistency-Token.*ETag/)
})

test('a page can read why it was refused', async () => {
  const refused = await named.post(aReview, { origin: shop })
  assert.equal(refused.statusCode, 401)
  assert.equal(refused.headers['access-control-allow-origin'], shop)
})

for (const origin of [
  'https://evil.example',
  'https://shop.example.evil.example',
  'http://shop.example',
  'null',
]) {
  test(`a page of ${origin} may not`, async () => {
    for (const answer of [await get(named, origin), await preflight(named, origin)]) {
      assert.deepEqual(corsOf(answer.headers), [])
      assert.equal(answer.headers.vary, 'Origin')
    }
    assert.equal((await get(local, origin)).statusCode, 403)
  })
}

test('with * every page may, and none by cookies', async () => {
  const answer = await get(all, 'https://any.example')
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.equal(answer.headers['access-control-allow-credentials'], undefined)
  assert.equal(answer.headers.vary, undefined)
})

test('an open API lets in the pages that are named, and no others', async () => {
  assert.equal((await get(local, shop)).statusCode, 200)
  assert.equal((await get(closed, shop)).statusCode, 403)
})

test('every answer tells a browser to run, frame and sniff nothing, whatever its status', async () => {
  const answers = [
    await closed.app.inject('/api/v1/reviews'),
    await closed.app.inject('/nowhere'),
    await closed.post({}),
    await closed.app.inject('/health/live'),
    await closed.app.inject('/metrics'),
    await named.post(aReview),
  ]
  for (const { headers } of answers) {
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.match(String(headers['content-security-policy']), /default-src 'none'/)
    assert.equal(headers['strict-transport-security'], undefined)
    assert.equal(headers.server ?? headers['x-powered-by'], undefined)
  }
})

test('behind a trusted proxy that speaks https, browsers are told to stay with it', async () => {
  const behind = await startTestApi(environment, { trustedProxies: ['loopback'] })
  const headers = { 'x-forwarded-proto': 'https' }
  const secure = await behind.app.inject({ url: '/api/v1/reviews', headers })
  assert.match(String(secure.headers['strict-transport-security']), /^max-age=\d+$/)
  const direct = await closed.app.inject({ url: '/api/v1/reviews', headers })
  assert.equal(direct.headers['strict-transport-security'], undefined)
  await behind.stop()
})
