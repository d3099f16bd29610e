import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { assertMigrated, migrate, readMigrations } from '../../src/platform/postgres/migrate.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'

let db: Pool
beforeEach(async () => {
  const { DATABASE_URL } = await createTestEnvironment()
  db = createPool({ url: DATABASE_URL, size: 2, applicationName: 'test' })
})
afterEach(() => db?.end())

test('the version before a migration starts after it, so that a release can be put back', async () => {
  const own = await readMigrations()
  const next = { name: '9001_next.sql', sql: 'create table next_release (id integer)', checksum: 'next' }
  assert.deepEqual(await migrate(db, [...own, next]), [next.name])
  await assertMigrated(db, own)
  assert.deepEqual(await migrate(db, own), [])
})

test('a version does not start behind its own migrations', async () => {
  const own = await readMigrations()
  const missing = { name: '9002_missing.sql', sql: 'select 1', checksum: 'missing' }
  await assert.rejects(assertMigrated(db, [...own, missing]), { code: 'migrations_pending' })
})

test('a version does not start on a database with a migration that it should know, or knows otherwise', async () => {
  const own = await readMigrations()
  const [first] = own
  assert.ok(first)
  await assert.rejects(assertMigrated(db, [{ ...first, checksum: 'edited' }, ...own.slice(1)]), {
    code: 'migration_changed',
  })
  await assert.rejects(assertMigrated(db, own.slice(1)), { code: 'migration_changed' })
})
