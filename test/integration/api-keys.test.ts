import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { AppError } from '../../src/platform/errors.ts'
import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  verifyApiKey,
} from '../../src/platform/identity/api-keys.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 4, applicationName: 'test' })
after(() => pool.end())

const make = (expiresAt: Date | null = null) =>
  createApiKey(pool, { name: 'shop', scopes: ['reviews:write'], expiresAt })
const refused = (error: unknown) =>
  error instanceof AppError && error.code === 'unauthenticated' && error.message === 'the API key was refused'

test('a key proves its id and scopes, is never stored, and its use is remembered', async () => {
  const { key, apiKey } = await make()
  const verified = await verifyApiKey(pool, key)
  assert.equal(verified.key_id, apiKey.key_id)
  assert.deepEqual(verified.scopes, ['reviews:write'])
  const listed = (await listApiKeys(pool)).find(({ key_id }) => key_id === apiKey.key_id)
  assert.ok(listed?.last_used_at)
  const { rows } = await pool.query<{ row: string }>(
    'select row_to_json(api_keys)::text as row from api_keys',
  )
  assert.ok(rows.every(({ row }) => !row.includes(key.split('_').slice(2).join('_'))))
})

test('a revoked key is refused, and revoking again says so', async () => {
  const { key, apiKey } = await make()
  assert.equal(await revokeApiKey(pool, apiKey.key_id), true)
  assert.equal(await revokeApiKey(pool, apiKey.key_id), false)
  await assert.rejects(verifyApiKey(pool, key), refused)
})

test('an expired key is refused', async () => {
  const { key } = await make(new Date(Date.now() - 1000))
  await assert.rejects(verifyApiKey(pool, key), refused)
})

test('rubbish, an unknown id and a wrong secret are refused alike', async () => {
  const { key } = await make()
  const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')
  for (const text of ['', 'trk_', 'trk_000000000000_'.padEnd(60, 'x'), wrong, `${key} `, key.toUpperCase()]) {
    await assert.rejects(verifyApiKey(pool, text), refused)
  }
})
