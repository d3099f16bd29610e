import { cacheInvalidationHandler } from '../cache/handler.ts'
import { replayOutcomes } from '../ops/dead-letters/replay-outcomes.ts'
import { startProbeServer } from '../platform/http/probe-server.ts'
import { Journal } from '../platform/journeys/journal.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { knownEvents } from '../platform/log/stored-event.ts'
import { consumerDependency } from '../platform/messaging/consumer-dependency.ts'
import { ConsumerRuntime } from '../platform/messaging/consumer-runtime.ts'
import { retrySchedule } from '../platform/messaging/retry-schedule.ts'
import { startDatabaseClock } from '../platform/postgres/database-clock.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool } from '../platform/postgres/pool.ts'
import { createRedis } from '../platform/redis/client.ts'
import { createFencedCache } from '../platform/redis/fenced-cache.ts'
import { runService } from '../platform/service.ts'
import { variablesOf } from './variables.ts'

const name = 'cache-worker'
const variables = variablesOf[name]

await runService(name, variables, async ({ config, log, tracer, metrics, onStop, isDraining, fail }) => {
  const db = createPool({
    url: config.DATABASE_URL,
    size: 4,
    applicationName: `thereview ${name}`,
    onIdleError: (error) => log.warn({ err: error }, 'lost a connection to postgres'),
    timeouts: { lock: 5_000, statement: 15_000 },
  })
  onStop('postgres', () => db.end())
  await assertMigrated(db, await readMigrations())

  const journal = new Journal(db, log)
  journal.start()
  onStop('journal', () => journal.stop())
  const clock = await startDatabaseClock(db)
  onStop('clock', async () => clock.stop())

  const redis = createRedis({
    url: config.REDIS_URL,
    name,
    commandTimeoutMs: 2_000,
    onError: (error) => log.debug({ err: error }, 'redis is away'),
  })
  onStop('redis', async () => redis.disconnect())
  const cache = createFencedCache({ redis, ttlSeconds: config.CACHE_TTL_SECONDS, metrics })

  const kafka = createKafka({
    brokers: config.KAFKA_BROKERS,
    prefix: config.KAFKA_PREFIX,
    clientId: name,
    log,
  })
  const admin = kafka.admin()
  onStop('kafka', () => admin.close())

  const runtime = new ConsumerRuntime({
    handler: cacheInvalidationHandler({ redis, cache }),
    kafka,
    instanceId: config.INSTANCE_ID,
    knownToLog: (events) => knownEvents(db, events),
    now: clock.now,
    retries: retrySchedule(db),
    onRetried: replayOutcomes(db),
    onSettled: journal.settled,
    tracer,
    metrics,
    log,
    onStuck: fail,
  })
  runtime.start()
  onStop('the consumer', () => runtime.stop())

  const probes = await startProbeServer({
    host: config.PROBES_HOST,
    port: config.CACHE_WORKER_PORT,
    dependencies: [
      { name: 'postgres', check: () => db.query('select 1'), essential: true },
      { name: 'redis', check: () => redis.ping() },
      { name: 'kafka', check: () => admin.cluster() },
      consumerDependency(runtime),
    ],
    metrics,
    isDraining,
  })
  onStop('probes', () => probes.close())
})
