import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { verifyAudit } from '../../src/platform/audit/audit.ts'
import { AppError } from '../../src/platform/errors.ts'
import {
  createApiKey,
  createApiKeyVerifier,
  listApiKeys,
  revokeApiKey,
} from '../../src/platform/identity/api-keys.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 4, applicationName: 'test' })
after(() => pool.end())

const make = (expiresAt: Date | null = null) =>
  createApiKey(pool, { name: 'shop', scopes: ['reviews:write'], expiresAt }, 'admin-1')
const verify = createApiKeyVerifier(pool)
const refused = (error: unknown) =>
  error instanceof AppError && error.code === 'unauthenticated' && error.message === 'the API key was refused'

test('a key proves its id and scopes, is never stored, and its use is remembered', async () => {
  const { key, apiKey } = await make()
  assert.deepEqual(await verify(key), {
    kind: 'api-key',
    subject: apiKey.key_id,
    scopes: new Set(['reviews:write']),
  })
  const listed = (await listApiKeys(pool)).find(({ key_id }) => key_id === apiKey.key_id)
  assert.ok(listed?.last_used_at)
  const { rows } = await pool.query<{ row: string }>(
    'select row_to_json(api_keys)::text as row from api_keys',
  )
  assert.ok(rows.every(({ row }) => !row.includes(key.split('_').slice(2).join('_'))))
})

test('a revoked key is refused, and revoking again says so', async () => {
  const { key, apiKey } = await make()
  assert.equal(await revokeApiKey(pool, apiKey.key_id, 'admin-2'), true)
  assert.equal(await revokeApiKey(pool, apiKey.key_id, 'admin-2'), false)
  await assert.rejects(verify(key), refused)
})

test('an expired key is refused', async () => {
  const { key } = await make(new Date(Date.now() - 1_000))
  await assert.rejects(verify(key), refused)
})

test('rubbish, an unknown id and a wrong secret are refused alike', async () => {
  const { key } = await make()
  const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')
  for (const text of ['', 'trk_', 'trk_000000000000_'.padEnd(60, 'x'), wrong, `${key} `, key.toUpperCase()]) {
    await assert.rejects(verify(text), refused)
  }
})

test('a hundred requests at once know their keys apart', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => make()))
  const checks = Array.from({ length: 100 }, (_, n) => made[n % 10] ?? assert.fail())
  const verified = await Promise.all(checks.map(({ key }) => verify(key)))
  assert.deepEqual(
    verified.map(({ subject }) => subject),
    checks.map(({ apiKey }) => apiKey.key_id),
  )
})

test('making and revoking a key stand in the audit, by id alone', async () => {
  const { key, apiKey } = await make()
  await revokeApiKey(pool, apiKey.key_id, 'admin-2')
  await revokeApiKey(pool, apiKey.key_id, 'admin-3')
  const { rows } = await pool.query<{ entry: string }>(
    "select concat_ws(' ', actor, action, details) as entry from audit where target = $1 order by number",
    [apiKey.key_id],
  )
  assert.deepEqual(
    rows.map(({ entry }) => entry),
    ['admin-1 api_key.created {"scopes": "reviews:write", "expires_at": null}', 'admin-2 api_key.revoked {}'],
  )
  assert.ok(!JSON.stringify(rows).includes(key.slice(17)))
  assert.equal((await verifyAudit(pool)).brokenAt, null)
})
