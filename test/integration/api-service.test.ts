// The API as its own process: what it refuses to start with, and that all its parts are put together.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/launcher/ports.ts'
import { aReview } from '../support/api.ts'
import { createTestEnvironment, type TestEnvironment } from '../support/environment.ts'
import { asUser, testSecret } from '../support/tokens.ts'
import { until } from '../support/until.ts'

const entry = fileURLToPath(new URL('../../src/services/api.ts', import.meta.url))

let environment: TestEnvironment
let api: ChildProcess
let url: string

before(async () => {
  environment = await createTestEnvironment()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  api = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      ...environment,
      API_PORT: String(port),
      AUTH_SECRET: testSecret,
      RATE_LIMIT_PER_USER: '3',
      CORS_ORIGINS: 'https://shop.example',
      LOG_LEVEL: 'warn',
    },
    stdio: 'inherit',
  })
  await until('the api is live', async () => (await fetch(`${url}/health/live`)).ok)
})

after(() => {
  api.kill('SIGKILL')
})

const refused: [what: string, variables: Record<string, string>, said: RegExp][] = [
  [
    'two ways to verify tokens',
    { AUTH_SECRET: testSecret, AUTH_JWKS_URL: 'http://127.0.0.1:1/' },
    /AUTH_JWKS_URL and AUTH_SECRET are both set/,
  ],
  ['a short secret', { AUTH_SECRET: 'short' }, /AUTH_SECRET is \(hidden\): it wants at least 32 bytes/],
  ['an open API for everybody', { API_HOST: '0.0.0.0' }, /API_HOST.*no authentication/],
  ['pages of everybody on an open API', { CORS_ORIGINS: '*' }, /CORS_ORIGINS is \*/],
]

for (const [what, variables, said] of refused) {
  test(`it does not start with ${what}`, () => {
    const env = { ...process.env, ...environment, API_PORT: '0', ...variables }
    const { status, stderr } = spawnSync(process.execPath, [entry], { env, encoding: 'utf8' })
    assert.equal(status, 1)
    assert.match(stderr, said)
    assert.ok(!stderr.includes(testSecret))
  })
}

test('tokens, limits, origins and views are wired', async () => {
  const { user_id: _, ...review } = aReview
  const post = async (path: string, body: object, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  assert.equal((await post('/api/v1/reviews', review, {})).status, 401)
  const user = await asUser('ada')
  const written = await post('/api/v1/reviews', review, { ...user, origin: 'https://shop.example' })
  assert.equal(written.status, 201)
  assert.equal(written.headers.get('access-control-allow-origin'), 'https://shop.example')
  const viewed = { type: 'stats.viewed.v1', entity_type: 'product', entity_id: 'p' }
  assert.equal((await post('/api/v1/analytics/events', { items: [viewed] }, user)).status, 202)
  assert.equal((await fetch(`${url}/metrics`, { headers: user })).status, 403)
  // A new minute may begin at any moment.
  await until('it is enough', async () => (await fetch(`${url}/metrics`, { headers: user })).status === 429)
  const metrics = await fetch(`${url}/metrics`, { headers: await asUser('ops', 'operator') })
  assert.match(await metrics.text(), /thereview_views_dropped_total/)
})

test('it stops in order when asked', async () => {
  api.kill('SIGTERM')
  const [code] = await once(api, 'exit')
  assert.equal(code, 0)
})
