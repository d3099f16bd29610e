import { createHash, randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { migrate, readMigrations } from '../../src/platform/postgres/migrate.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'

/** The running parts that all test files share; `npm test` starts them once and says where they are. */
const shared = {
  DATABASE_URL: address('DATABASE_URL'),
  REDIS_URL: address('REDIS_URL'),
  KAFKA_BROKERS: address('KAFKA_BROKERS'),
  SCHEMA_REGISTRY_URL: address('SCHEMA_REGISTRY_URL'),
  SMTP_URL: address('SMTP_URL'),
  MAIL_INBOX_URL: address('MAIL_INBOX_URL'),
  ZIPKIN_URL: address('ZIPKIN_URL'),
}

export type TestEnvironment = typeof shared & { readonly KAFKA_PREFIX: string }

function address(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: tests on real parts run by \`npm test\``)
  return value
}

/**
 * Parts of a test file's own on the shared servers: a migrated database, an empty Redis database and a prefix for
 * topics, groups and subjects. Its variables are those of a service. Call it once a file; what a failed test left
 * is there to be looked at until the stack stops.
 */
export async function createTestEnvironment(): Promise<TestEnvironment> {
  const id = randomBytes(4).toString('hex')
  return {
    ...shared,
    DATABASE_URL: await createDatabase(`test_${id}`),
    REDIS_URL: await takeRedisDatabase(),
    KAFKA_PREFIX: `t-${id}.`,
  }
}

const migrations = await readMigrations()
const checksum = createHash('sha256').update(migrations.map((migration) => migration.checksum).join())
// Named after what it holds, so that an edited migration gets a template of its own.
const template = `thereview_template_${checksum.digest('hex').slice(0, 8)}`

async function createDatabase(name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: shared.DATABASE_URL })
  await admin.connect()
  try {
    await admin.query("select pg_advisory_lock(hashtext('thereview.test.template'))")
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template])
    if (rowCount === 0) await admin.query(`create database ${template}`)
    await migrateTemplate()
    await admin.query(`create database ${name} template ${template}`)
    return databaseUrl(name)
  } finally {
    await admin.end()
  }
}

async function migrateTemplate(): Promise<void> {
  const pool = createPool({ url: databaseUrl(template), size: 2, applicationName: 'test' })
  await migrate(pool, migrations)
  await pool.end()
}

function databaseUrl(name: string): string {
  const url = new URL(shared.DATABASE_URL)
  url.pathname = `/${name}`
  return url.href
}

/** Redis databases 1 to 255 are handed out in turn; 0 counts them. */
async function takeRedisDatabase(): Promise<string> {
  const redis = new Redis(shared.REDIS_URL)
  const database = ((await redis.incr('test:databases')) % 255) + 1
  await redis.select(database)
  await redis.flushdb()
  redis.disconnect()
  const url = new URL(shared.REDIS_URL)
  url.pathname = `/${database}`
  return url.href
}
