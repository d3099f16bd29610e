import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import type { Client, Pool, Queryable } from './pool.ts'

export interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

const folder = new URL('../../../migrations/', import.meta.url)

/** The numbered files of `migrations/`, in order. */
export async function readMigrations(from: URL = folder): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, from), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Brings the database to the newest migration, each in a transaction of its own, under a lock, so that several
 * processes may call it at once. Returns the names of those applied now.
 * @throws {AppError} `migration_changed` when one that was applied has been edited or removed since
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('thereview.migrate'))")
    await client.query(`create table if not exists migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
    const pending = await pendingOf(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    // Ends the connection, and the lock with it.
    client.release(true)
  }
}

/** @throws {AppError} `migrations_pending` unless the database stands at the newest migration */
export async function assertMigrated(db: Queryable, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await db.query<{ exists: boolean }>(
    "select to_regclass('migrations') is not null as exists",
  )
  const pending = rows[0]?.exists ? await pendingOf(db, migrations) : migrations
  if (pending.length === 0) return
  const names = pending.map(({ name }) => name).join(', ')
  throw new AppError('migrations_pending', 'fatal', `the database lacks ${names}: run \`thereview prepare\``)
}

/** What a later version applied is no hindrance: the version before it must run on, and must come back. */
async function pendingOf(db: Queryable, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await db.query<{ name: string; checksum: string }>('select name, checksum from migrations')
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const newest = migrations.at(-1)?.name ?? ''
  for (const applied of rows) {
    if (known.get(applied.name)?.checksum === applied.checksum) continue
    if (!known.has(applied.name) && applied.name > newest) continue
    const what = known.has(applied.name)
      ? 'was edited after it was applied'
      : 'was applied but is unknown to this version'
    throw new AppError('migration_changed', 'fatal', `migration ${applied.name} ${what}`)
  }
  const applied = new Set(rows.map(({ name }) => name))
  return migrations.filter(({ name }) => !applied.has(name))
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new AppError('migration_failed', 'fatal', `migration ${name} failed`, { cause: error })
  }
}
