import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { DeadLetterIndexer } from '../ops/dead-letters/indexer.ts'
import { letterSource, recordOfLetter } from '../ops/dead-letters/letter-source.ts'
import { ReplayRunner } from '../ops/dead-letters/replay-runner.ts'
import { Exporter } from '../ops/exporter/exporter.ts'
import { startExporterServer } from '../ops/exporter/exporter-server.ts'
import type { TimestampAt } from '../ops/exporter/kafka-metrics.ts'
import { createOpsApp } from '../ops/http/ops-app.ts'
import { gather } from '../ops/pipeline/gather.ts'
import { serviceAddresses } from '../ops/pipeline/service-addresses.ts'
import { PipelineWatch } from '../ops/pipeline/watch.ts'
import { every } from '../platform/every.ts'
import { createTokenVerifier } from '../platform/identity/tokens.ts'
import { purgeJourneys } from '../platform/journeys/journey-store.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool } from '../platform/postgres/pool.ts'
import { runService } from '../platform/service.ts'
import { moduleLog } from '../platform/telemetry/logger.ts'
import { variablesOf } from './variables.ts'

const minutes = 60_000
const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url))

await runService('ops', variablesOf.ops, async (service) => {
  const { config, log, tracer, metrics, onStop, isDraining } = service
  const pool = createPool({
    url: config.DATABASE_URL,
    size: 4,
    applicationName: 'thereview ops',
    // The console counts over whole tables, and removes old journeys by the page.
    timeouts: { lock: 5_000, statement: 30_000 },
    onIdleError: (error) => moduleLog(log, 'postgres').warn({ err: error }, 'an idle connection was lost'),
  })
  onStop('postgres', () => pool.end())
  await assertMigrated(pool, await readMigrations())
  service.followLogLevels(pool)

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

  const timestampAt: TimestampAt = async (topic, partition, offset) =>
    (await reader.read(topic, partition, offset))[0]?.timestamp ?? null
  const watch = new PipelineWatch({
    gather: () =>
      gather({
        admin,
        pool,
        services: serviceAddresses(config),
        timestampAt,
        replicationFactor: config.KAFKA_REPLICATION_FACTOR,
        now: Date.now,
      }),
    db: pool,
    log,
  })
  watch.start()
  const purge = every(
    10 * minutes,
    () => purgeJourneys(pool),
    (error) => log.warn({ err: error }, 'old journeys were not removed'),
  )
  onStop('purge of journeys', () => purge.stop())
  onStop('watch', () => watch.stop())

  const verify = createTokenVerifier(config)
  if (!verify)
    log.info('the console is open: no authentication is configured, so everybody is an administrator')
  const { app, drain } = await createOpsApp({
    log,
    tracer,
    metrics,
    verify,
    allowedHosts: config.CONSOLE_ALLOWED_HOSTS,
    consoleFolder,
    environment: config.ENVIRONMENT,
    tracesUrl: config.ZIPKIN_URL && `${config.ZIPKIN_URL}/zipkin/`,
    admin,
    pool,
    watch,
    timestampAt,
    prometheusUrl: config.PROMETHEUS_URL,
    reader,
    follow: (topic) => kafka.reader({ topics: [topic], from: 'latest' }),
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
    registry: config.SCHEMA_REGISTRY_URL
      ? { url: config.SCHEMA_REGISTRY_URL, prefix: config.KAFKA_PREFIX }
      : null,
    recordOf: recordOfLetter(reader),
    now: Date.now,
  })
  await app.listen({ host: config.CONSOLE_HOST, port: config.CONSOLE_PORT })

  const registry = new Registry()
  // Its probes say that the service is ready: the console has to listen before.
  const server = await startExporterServer({
    host: config.PROBES_HOST,
    port: config.EXPORTER_PORT,
    exporter: new Exporter({ admin, reader, registry, clusterName: 'thereview' }),
    registries: [registry, metrics],
    dependencies: [
      { name: 'postgres', essential: true, check: () => pool.query('select 1') },
      { name: 'kafka', check: () => admin.cluster() },
    ],
    isDraining,
    log,
  })
  onStop('exporter', () => server.close())
  onStop('console', drain)
})
