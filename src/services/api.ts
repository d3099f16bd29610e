import { viewMetrics } from '../analytics/view-metrics.ts'
import { ViewQueue } from '../analytics/view-queue.ts'
import { replication, topics } from '../contracts/topics.ts'
import { every } from '../platform/every.ts'
import { announceOpenApi } from '../platform/http/exposure.ts'
import { RateLimiter } from '../platform/http/rate-limiter.ts'
import { createVerifier } from '../platform/identity/verifier.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool, type PoolOptions } from '../platform/postgres/pool.ts'
import { createRedis } from '../platform/redis/client.ts'
import { createFencedCache } from '../platform/redis/fenced-cache.ts'
import { sharedCounts } from '../platform/redis/shared-counts.ts'
import { pingSchemaRegistry } from '../platform/schema-registry/schema-registry.ts'
import { runService } from '../platform/service.ts'
import { moduleLog } from '../platform/telemetry/logger.ts'
import { purgeExpiredKeys } from '../reviews/idempotency.ts'
import { createApiApp } from './api-app.ts'
import { variablesOf } from './variables.ts'

// One for each other kind of batch that is under way, for a change that holds its review, for a user that is written, and for
// what a command that was refused looks up.
const writeConnections = 6
const minutes = 60_000
/** Long enough for a new leader, short enough that views do not pile up. */
const viewDeliveryMs = 5_000

await runService('api', variablesOf.api, async (service) => {
  const { config, log, tracer, metrics, onStop, isDraining } = service
  const redisLog = moduleLog(log, 'redis')
  const pool = (use: string, size: number, more: Pick<PoolOptions, 'plansOnce'> = {}) => {
    const created = createPool({
      url: config.DATABASE_URL,
      size,
      applicationName: `thereview api ${use}`,
      timeouts: { lock: 1_000, statement: 5_000 },
      ...more,
      onIdleError: (error) => moduleLog(log, 'postgres').warn({ err: error }, 'an idle connection was lost'),
    })
    onStop(`postgres ${use}`, () => created.end())
    return created
  }
  const reads = pool('reads', config.DATABASE_POOL_SIZE)
  const writes = pool('writes', writeConnections)
  // One batch at a time, in a statement that takes longer to plan than to run.
  const inserts = pool('inserts', 1, { plansOnce: true })
  await assertMigrated(reads, await readMigrations())
  service.followLogLevels(reads)

  const redis = createRedis({
    url: config.REDIS_URL,
    name: 'api',
    commandTimeoutMs: 250,
    onError: (error) => redisLog.debug({ err: error }, 'redis is away: reads do without it'),
  })
  onStop('redis', async () => redis.disconnect())
  const cache = createFencedCache({ redis, ttlSeconds: config.CACHE_TTL_SECONDS, metrics })

  const verify = createVerifier(config, reads)
  if (!verify) announceOpenApi(config, log)
  const limiter = new RateLimiter({
    addToCounts: sharedCounts(redis),
    now: () => new Date(),
    onError: (error) => redisLog.debug({ err: error }, 'redis is away: requests are counted here alone'),
  })
  const limited = config.RATE_LIMITS === 'on' || (config.RATE_LIMITS === 'auto' && verify !== null)
  if (limited) limiter.start()
  onStop('rate limiter', () => limiter.stop())

  const { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, SCHEMA_REGISTRY_URL: registryUrl } = config
  const kafka = createKafka({ brokers, prefix, clientId: 'api', log })
  const admin = kafka.admin()
  onStop('kafka', () => admin.close())
  const producer = kafka.producer({ deliveryTimeoutMs: viewDeliveryMs })
  onStop('producer', () => producer.close())
  const views = new ViewQueue({ producer, metrics: viewMetrics(metrics), log })
  onStop('views', () => views.stop())

  const purge = every(
    10 * minutes,
    () => purgeExpiredKeys(reads),
    (error) => log.warn({ err: error }, 'expired idempotency keys were not purged'),
  )
  onStop('purge of idempotency keys', () => purge.stop())

  const { app, drain } = await createApiApp({
    log,
    tracer,
    metrics,
    now: () => new Date(),
    reads,
    writes,
    inserts,
    cache,
    views,
    prior: { mean: config.STATS_PRIOR_MEAN, weight: config.STATS_PRIOR_WEIGHT },
    verify,
    limits: limited
      ? {
          limiter,
          perUser: config.RATE_LIMIT_PER_USER,
          perKey: config.RATE_LIMIT_PER_KEY,
          perAddress: config.RATE_LIMIT_PER_ADDRESS,
        }
      : null,
    allowedHosts: config.API_ALLOWED_HOSTS,
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUST_PROXY,
    dependencies: [
      { name: 'postgres', check: () => reads.query('select 1'), essential: true },
      {
        name: 'kafka',
        check: () => admin.assertTakesRecords([topics.analytics.name], replication.minInsyncReplicas),
      },
      { name: 'redis', check: () => redis.ping() },
      ...(registryUrl ? [{ name: 'schema_registry', check: () => pingSchemaRegistry(registryUrl) }] : []),
    ],
    isDraining,
  })
  onStop('http', drain)
  await app.listen({ host: config.API_HOST, port: config.API_PORT })
})
