// Credentials as hostile clients send them, and the life of a key, over HTTP.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SignJWT, UnsecuredJWT } from 'jose'
import { createApiKey, revokeApiKey } from '../../src/platform/identity/api-keys.ts'
import { signToken } from '../../src/platform/identity/tokens.ts'
import { createVerifier } from '../../src/platform/identity/verifier.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { aReview, startTestApi, type TestApi } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { authConfig, bearer, testSecret } from '../support/tokens.ts'

const issuer = 'https://id.example'
const audience = 'reviews'

let api: TestApi
let db: Pool

before(async () => {
  const environment = await createTestEnvironment()
  db = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test' })
  const config = { ...authConfig, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience }
  api = await startTestApi(environment, { verify: createVerifier(config, db) })
})

after(async () => {
  await api.stop()
  await db.end()
})

const claims = {
  subject: 'ada',
  roles: ['admin', 'operator'],
  expiresInSeconds: 60,
  issuer,
  audience,
} as const
const { user_id: _, ...review } = aReview

test('a token of the issuer for this audience is taken', async () => {
  const answer = await api.post(review, bearer(await signToken(testSecret, claims)))
  assert.equal(answer.statusCode, 201, answer.body)
})

const inAnHour = Math.floor(Date.now() / 1000) + 3_600
const payload = { sub: 'ada', iss: issuer, aud: audience, exp: inAnHour, roles: ['operator'] }
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signed = (alg: string, over: Record<string, unknown> = {}) =>
  new SignJWT({ ...payload, ...over })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(testSecret.repeat(2)))

const hostile: [what: string, token: () => string | Promise<string>][] = [
  ['alg none', () => new UnsecuredJWT(payload).encode()],
  ['alg None', () => `${text({ alg: 'None' })}.${text(payload)}.`],
  ['a signature of another secret', () => signToken(`${testSecret}!`, claims)],
  ['another algorithm', () => signed('HS512')],
  ['expired', () => signToken(testSecret, { ...claims, expiresInSeconds: -60 })],
  ['a foreign issuer', () => signToken(testSecret, { ...claims, issuer: 'https://evil.example' })],
  ['no issuer', () => signToken(testSecret, { ...claims, issuer: null })],
  ['a foreign audience', () => signToken(testSecret, { ...claims, audience: 'console' })],
  ['a subject of control characters', () => signToken(testSecret, { ...claims, subject: 'a\u0000b' })],
  [
    'a key of its own choosing',
    () => `${text({ alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } })}.${text(payload)}.AA`,
  ],
  ['a key file', () => `${text({ alg: 'HS256', kid: '../../dev/null' })}.${text(payload)}.AA`],
  ['a critical extension', () => `${text({ alg: 'HS256', crit: ['x'], x: 1 })}.${text(payload)}.AA`],
  ['JSON that is none', () => 'eyJ.eyJ.AA'],
  ['__proto__', () => `${text(JSON.parse('{"__proto__":{"alg":"HS256"}}'))}.${text(payload)}.AA`],
  ['huge', () => 'a'.repeat(15_000)],
  ['a huge key', () => `trk_${'a'.repeat(15_000)}`],
  ['SQL', () => `trk_';drop/**/table/**/api_keys;--_${'x'.repeat(43)}`],
  ['a key that never was', () => `trk_000000000000_${'x'.repeat(43)}`],
]

for (const [what, token] of hostile) {
  test(`refused: ${what}`, async () => {
    const headers = bearer(await token())
    for (const answer of [
      await api.post(review, headers),
      await api.list({}, headers),
      await api.app.inject({ url: '/metrics', headers }),
    ]) {
      assert.equal(answer.statusCode, 401, answer.body)
      assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"')
      assert.equal(answer.json().code, 'unauthenticated')
      assert.ok(!answer.body.includes(testSecret) && !/jose|node_modules|select/i.test(answer.body))
    }
  })
}

test('a key works from when it is made until it is revoked, at once', async () => {
  const { key, apiKey } = await createApiKey(
    db,
    { name: 'shop', scopes: ['reviews:write'], expiresAt: null },
    'test',
  )
  const write = (entity_id: string) => api.post({ ...aReview, entity_id }, bearer(key))
  assert.equal((await write('before')).statusCode, 201)
  assert.equal((await api.post({ ...review, entity_id: 'x' }, bearer(key))).statusCode, 422)
  await revokeApiKey(db, apiKey.key_id, 'test')
  const refused = await write('after')
  assert.equal(refused.statusCode, 401)
  assert.equal(refused.json().detail, 'the API key was refused')
})

test('an expired key is refused in the words of one that never was', async () => {
  const { key } = await createApiKey(
    db,
    { name: 'shop', scopes: ['reviews:write'], expiresAt: new Date(Date.now() - 1) },
    'test',
  )
  const refused = await api.post(aReview, bearer(key))
  assert.equal(refused.statusCode, 401)
  assert.equal(refused.json().detail, 'the API key was refused')
})

test('idempotency keys of a user, and of a server that writes for the user, never meet', async () => {
  const { key } = await createApiKey(db, { name: 'shop', scopes: ['reviews:write'], expiresAt: null }, 'test')
  const idempotency = { 'idempotency-key': 'same' }
  const token = bearer(await signToken(testSecret, { ...claims, subject: 'eve' }))
  const body = { ...review, user_id: 'eve', entity_id: 'keyed' }
  const first = await api.post(body, { ...token, ...idempotency })
  assert.equal(first.statusCode, 201)
  assert.equal((await api.post(body, { ...bearer(key), ...idempotency })).statusCode, 409)
})
