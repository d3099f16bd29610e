import { topics } from '../../src/contracts/topics.ts'
import type { Admin } from '../../src/platform/kafka/admin.ts'
import type { Queryable } from '../../src/platform/postgres/pool.ts'

/** What a measure's durability rests on, by name, as the running parts say it. */
export type SettingsInForce = Readonly<Record<string, string>>

const ofPostgres = ['fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers']

export async function readSettings(db: Queryable, kafka: Admin): Promise<SettingsInForce> {
  const { rows } = await db.query<{ name: string; setting: string }>(
    'select name, current_setting(name) as setting from pg_settings where name = any($1)',
    [ofPostgres],
  )
  const topic = topics.reviews.name
  const settings = await kafka.settings(topic)
  const described = (await kafka.topics()).find(({ name }) => name === topic)
  const replicas = described?.partitions.map((partition) => partition.replicas.length) ?? []
  return {
    ...Object.fromEntries(
      ofPostgres.map((name) => [
        `postgres ${name}`,
        rows.find((row) => row.name === name)?.setting ?? 'unknown',
      ]),
    ),
    'kafka acks': 'all',
    'kafka min.insync.replicas': settings['min.insync.replicas'] ?? 'unknown',
    'kafka replication factor': String(Math.min(...replicas)),
    'kafka unclean.leader.election.enable': settings['unclean.leader.election.enable'] ?? 'unknown',
    'kafka partitions': String(replicas.length),
  }
}
