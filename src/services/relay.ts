import { hostname } from 'node:os'
import { catalogue } from '../contracts/catalogue.ts'
import { replication } from '../contracts/topics.ts'
import { isRetryable, unavailable } from '../platform/errors.ts'
import { startProbeServer } from '../platform/http/probe-server.ts'
import { Journal } from '../platform/journeys/journal.ts'
import { createKafka } from '../platform/kafka/kafka.ts'
import { Relay } from '../platform/log/relay.ts'
import { relayMetrics } from '../platform/log/relay-metrics.ts'
import { published } from '../platform/log/topic-guard.ts'
import { WakeUp } from '../platform/log/wake-up.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool } from '../platform/postgres/pool.ts'
import { registerSchemas } from '../platform/schema-registry/schema-registry.ts'
import { runService } from '../platform/service.ts'
import { moduleLog } from '../platform/telemetry/logger.ts'
import { variablesOf } from './variables.ts'

/** Longer than a broker that dies takes to be replaced, as a rule. */
const longRoundMs = 10_000

await runService('relay', variablesOf.relay, async (service) => {
  const { config, log, tracer, metrics, onStop, isDraining } = service
  const pool = createPool({
    url: config.DATABASE_URL,
    size: 3,
    applicationName: 'thereview relay',
    // A server that vanished says nothing, and a round would wait for it until the system gives its connection up. A
    // read of many large events takes a while.
    timeouts: { lock: 3_000, statement: 10_000 },
    plansOnce: true,
    onIdleError: (error) => moduleLog(log, 'postgres').warn({ err: error }, 'lost a connection'),
  })
  onStop('postgres', () => pool.end())
  await assertMigrated(pool, await readMigrations())
  service.followLogLevels(pool)

  if (config.SCHEMA_REGISTRY_URL) {
    // An incompatible schema stops the relay; a registry that is away does not.
    await registerSchemas({ url: config.SCHEMA_REGISTRY_URL, prefix: config.KAFKA_PREFIX }, catalogue).catch(
      (error) => {
        if (!isRetryable(error)) throw error
        log.warn({ err: error }, 'schemas are not registered: the registry is away')
      },
    )
  }

  const kafka = createKafka({
    brokers: config.KAFKA_BROKERS,
    prefix: config.KAFKA_PREFIX,
    clientId: 'relay',
    log,
  })
  const admin = kafka.admin()
  onStop('kafka', () => admin.close())
  const producer = kafka.producer()
  onStop('producer', () => producer.close())

  const journal = new Journal(pool, log)
  journal.start()
  onStop('journal', () => journal.stop())
  const relay = new Relay({
    pool,
    producer,
    tracer,
    log,
    metrics: relayMetrics(metrics, pool),
    holder: `${hostname()}:${process.pid}`,
    onPublished: journal.published,
  })
  const wakeUp = new WakeUp({ url: config.DATABASE_URL, log, wake: () => relay.wake() })
  await wakeUp.start()
  onStop('notifications', () => wakeUp.stop())
  relay.start()
  onStop('relay', () => relay.stop())

  const probes = await startProbeServer({
    host: config.PROBES_HOST,
    port: config.RELAY_PORT,
    dependencies: [
      { name: 'postgres', essential: true, check: () => pool.query('select 1') },
      // A relay that could not publish is not ready, whether anything waits to be published or not.
      {
        name: 'kafka',
        essential: true,
        check: () => admin.assertTakesRecords(published, replication.minInsyncReplicas),
      },
      {
        name: 'publishing',
        async check() {
          if (relay.state === 'waiting') throw unavailable('kafka', new Error('the last round failed'))
          if (relay.roundMs > longRoundMs) throw unavailable('publishing', new Error('a round does not end'))
        },
      },
    ],
    metrics,
    isDraining,
  })
  onStop('probes', () => probes.close())
})
