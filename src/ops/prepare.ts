import { catalogue } from '../contracts/catalogue.ts'
import type { Kafka } from '../platform/kafka/kafka.ts'
import { migrate, readMigrations } from '../platform/postgres/migrate.ts'
import type { Pool } from '../platform/postgres/pool.ts'
import { registerSchemas, type SchemaRegistryOptions } from '../platform/schema-registry/schema-registry.ts'
import { applyTopicsAudited } from './topics/apply-audited.ts'

export interface Preparation {
  readonly pool: Pool
  readonly kafka: Kafka
  readonly replicationFactor: number
  /** Who prepares, for the audit. */
  readonly actor: string
  /** Null where there is none: then no schema is registered. */
  readonly registry: SchemaRegistryOptions | null
  readonly say: (line: string) => void
}

/**
 * Brings database, topics and schemas to what this version declares. Doing it again changes nothing; whatever is
 * incompatible stops it.
 */
export async function prepare(preparation: Preparation): Promise<void> {
  // The topics after the database, which has the audit of them.
  const database = migrateDatabase(preparation)
  await Promise.all([database.then(() => createTopics(preparation)), registerAll(preparation)])
}

async function migrateDatabase({ pool, say }: Preparation): Promise<void> {
  const applied = await migrate(pool, await readMigrations())
  say(applied.length === 0 ? 'database: up to date' : `database: applied ${applied.join(', ')}`)
}

async function createTopics({ pool, kafka, replicationFactor, actor, say }: Preparation): Promise<void> {
  const admin = kafka.admin()
  try {
    const { differences, warnings } = await applyTopicsAudited({ admin, db: pool, actor }, replicationFactor)
    for (const warning of warnings) say(`topics: warning: ${warning}`)
    for (const difference of differences) {
      if (difference.kind === 'cannot-change') {
        const { topic, what, has, wants } = difference
        say(
          `topics: warning: ${topic} has ${what} ${has} where ${wants} is declared; only an operator can change it`,
        )
      }
    }
    const changes = differences.filter(({ kind }) => kind !== 'cannot-change').length
    say(changes === 0 ? 'topics: up to date' : `topics: ${changes} changes applied`)
  } finally {
    await admin.close()
  }
}

async function registerAll({ registry, say }: Preparation): Promise<void> {
  if (!registry) return say('schemas: not registered, for SCHEMA_REGISTRY_URL is not set')
  const registered = await registerSchemas(registry, catalogue)
  say(`schemas: ${registered.length} registered`)
}
