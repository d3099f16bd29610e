import { replication, topics } from '../contracts/topics.ts'
import { replayOutcomes } from '../ops/dead-letters/replay-outcomes.ts'
import { startProbeServer } from '../platform/http/probe-server.ts'
import type { Dependency } from '../platform/http/probes.ts'
import { Journal } from '../platform/journeys/journal.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { knownEvents } from '../platform/log/stored-event.ts'
import { consumerDependency } from '../platform/messaging/consumer-dependency.ts'
import { ConsumerRuntime } from '../platform/messaging/consumer-runtime.ts'
import type { Handler } from '../platform/messaging/handler.ts'
import { retrySchedule } from '../platform/messaging/retry-schedule.ts'
import { startDatabaseClock } from '../platform/postgres/database-clock.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool, type Pool, type PoolOptions, withPostgres } from '../platform/postgres/pool.ts'
import { createRedis, type RedisClient } from '../platform/redis/client.ts'
import { createFencedCache, type FencedCache } from '../platform/redis/fenced-cache.ts'
import type { Service } from '../platform/service.ts'
import { moduleLog } from '../platform/telemetry/logger.ts'

/** The database of a worker, at the newest migration. */
export async function openDatabase(
  { config, log, onStop, followLogLevels }: Service<'DATABASE_URL'>,
  name: string,
  timeouts: NonNullable<PoolOptions['timeouts']>,
): Promise<Pool> {
  const db = createPool({
    url: config.DATABASE_URL,
    size: 4,
    applicationName: `thereview ${name}`,
    onIdleError: (error) => moduleLog(log, 'postgres').warn({ err: error }, 'lost a connection'),
    timeouts,
    plansOnce: true,
  })
  onStop('postgres', () => db.end())
  await assertMigrated(db, await readMigrations())
  followLogLevels(db)
  return db
}

/** The cache of a worker that tells it what is old: it waits for Redis longer than a reader would. */
export function openCache(
  { config, log, metrics, onStop }: Service<'REDIS_URL' | 'CACHE_TTL_SECONDS'>,
  name: string,
): { redis: RedisClient; cache: FencedCache } {
  const redisLog = moduleLog(log, 'redis')
  const redis = createRedis({
    url: config.REDIS_URL,
    name,
    commandTimeoutMs: 2_000,
    onError: (error) => redisLog.debug({ err: error }, 'redis is away'),
  })
  onStop('redis', async () => redis.disconnect())
  return { redis, cache: createFencedCache({ redis, ttlSeconds: config.CACHE_TTL_SECONDS, metrics }) }
}

/** What a worker itself writes to, beside its offsets. */
const written = [topics.retries.name, topics.deadLetters.name]

export interface Worker {
  readonly name: string
  readonly db: Pool
  readonly handler: Handler
  /** Where its health and metrics are. */
  readonly port: number
  /** What its handler needs, beside Postgres and Kafka. */
  readonly dependencies: readonly Dependency[]
}

/** Runs a handler as its consumer group, with all that goes with it. */
export async function startWorker(
  service: Service<'KAFKA_BROKERS' | 'KAFKA_PREFIX' | 'INSTANCE_ID' | 'PROBES_HOST'>,
  { name, db, handler, port, dependencies }: Worker,
): Promise<void> {
  const { config, log, tracer, metrics, onStop, isDraining, fail } = service
  const journal = new Journal(db, log)
  journal.start()
  onStop('journal', () => journal.stop())
  const clock = await startDatabaseClock(db)
  onStop('clock', async () => clock.stop())

  const { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix } = config
  const kafka = createKafka({ brokers, prefix, clientId: name, log })
  const admin = kafka.admin()
  onStop('kafka', () => admin.close())

  const runtime = new ConsumerRuntime({
    handler,
    kafka,
    instanceId: config.INSTANCE_ID,
    knownToLog: (events) => withPostgres(() => knownEvents(db, events)),
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
    port,
    dependencies: [
      { name: 'postgres', check: () => db.query('select 1'), essential: true },
      ...dependencies,
      { name: 'kafka', check: () => admin.assertTakesRecords(written, replication.minInsyncReplicas) },
      consumerDependency(runtime),
    ],
    metrics,
    isDraining,
  })
  onStop('probes', () => probes.close())
}
