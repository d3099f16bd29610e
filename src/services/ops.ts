import { Registry } from 'prom-client'
import { DeadLetterIndexer } from '../ops/dead-letters/indexer.ts'
import { letterSource, recordOfLetter } from '../ops/dead-letters/letter-source.ts'
import { ReplayRunner } from '../ops/dead-letters/replay-runner.ts'
import { Exporter } from '../ops/exporter/exporter.ts'
import { startExporterServer } from '../ops/exporter/exporter-server.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool } from '../platform/postgres/pool.ts'
import { runService } from '../platform/service.ts'
import { variablesOf } from './variables.ts'

await runService('ops', variablesOf.ops, async ({ config, log, metrics, onStop, isDraining }) => {
  const pool = createPool({
    url: config.DATABASE_URL,
    size: 4,
    applicationName: 'thereview ops',
    onIdleError: (error) => log.warn({ err: error }, 'an idle postgres connection was lost'),
  })
  onStop('postgres', () => pool.end())
  await assertMigrated(pool, await readMigrations())

  const kafka = createKafka({
    brokers: config.KAFKA_BROKERS,
    prefix: config.KAFKA_PREFIX,
    clientId: 'ops',
    log,
  })
  const admin = kafka.admin()
  onStop('kafka admin', () => admin.close())
  const reader = kafka.recordReader()
  onStop('kafka reader', () => reader.close())

  const indexer = new DeadLetterIndexer({ pool, source: letterSource(reader), metrics, log })
  indexer.start()
  onStop('dead letter index', () => indexer.stop())

  const producer = kafka.producer()
  onStop('producer', () => producer.close())
  const replays = new ReplayRunner({ pool, producer, recordOf: recordOfLetter(reader), log })
  replays.start()
  onStop('replays', () => replays.stop())

  const registry = new Registry()
  const exporter = new Exporter({ admin, reader, registry, clusterName: 'thereview' })
  const server = await startExporterServer({
    port: config.EXPORTER_PORT,
    exporter,
    registries: [registry, metrics],
    dependencies: [
      { name: 'postgres', essential: true, check: () => pool.query('select 1') },
      { name: 'kafka', check: () => admin.cluster() },
    ],
    isDraining,
    log,
  })
  onStop('exporter', () => server.close())
})
