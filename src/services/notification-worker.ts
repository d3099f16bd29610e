import { type AddressOf, firstKnown } from '../notifications/contact.ts'
import { createDelivery } from '../notifications/delivery.ts'
import { notificationHandler } from '../notifications/handler.ts'
import { fallbackAddresses } from '../notifications/mail/fallback-address.ts'
import { createMailer } from '../notifications/mail/mailer.ts'
import { createMailSender } from '../notifications/mail/send-notice.ts'
import { notificationMetrics } from '../notifications/metrics.ts'
import { Settlements } from '../notifications/settlements.ts'
import { replayOutcomes } from '../ops/dead-letters/replay-outcomes.ts'
import { hasAuthentication } from '../platform/config/rules.ts'
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
import { runService } from '../platform/service.ts'
import { findContacts } from '../users/contacts.ts'
import { variablesOf } from './variables.ts'

const name = 'notification-worker'
const variables = variablesOf[name]

await runService(
  name,
  variables,
  async ({ config, log, tracer, metrics: registry, onStop, isDraining, fail }) => {
    const db = createPool({
      url: config.DATABASE_URL,
      size: 4,
      applicationName: `thereview ${name}`,
      onIdleError: (error) => log.warn({ err: error }, 'lost a connection to postgres'),
      timeouts: { lock: 3_000, statement: 5_000 },
    })
    onStop('postgres', () => db.end())
    await assertMigrated(db, await readMigrations())

    const journal = new Journal(db, log)
    journal.start()
    onStop('journal', () => journal.stop())
    const clock = await startDatabaseClock(db)
    onStop('clock', async () => clock.stop())

    const mailer = createMailer({
      url: config.SMTP_URL,
      from: config.MAIL_FROM,
      connections: config.SMTP_CONNECTIONS,
    })
    onStop('mail', async () => mailer.close())

    const metrics = notificationMetrics(registry)
    const settlements = new Settlements(db)
    // What was sent and is not noted yet would be sent again by whoever comes next.
    onStop('settlements', () => settlements.store())
    const registered: AddressOf = (userIds) => findContacts(db, userIds)
    const handler = notificationHandler({
      // Where users prove who they are, nobody guesses an address: who registered none is told of nothing.
      addressOf: hasAuthentication(config)
        ? registered
        : firstKnown(registered, fallbackAddresses(config.MAIL_FALLBACK_DOMAIN)),
      sendMail: createMailSender({ mailer, tracer, metrics }),
      deliver: createDelivery({ db, settlements, metrics, lanes: mailer.connections }),
      metrics,
    })

    const kafka = createKafka({
      brokers: config.KAFKA_BROKERS,
      prefix: config.KAFKA_PREFIX,
      clientId: name,
      log,
    })
    const admin = kafka.admin()
    onStop('kafka', () => admin.close())
    const runtime = new ConsumerRuntime({
      handler,
      kafka,
      instanceId: config.INSTANCE_ID,
      knownToLog: (events) => knownEvents(db, events),
      now: clock.now,
      retries: retrySchedule(db),
      onRetried: replayOutcomes(db),
      onSettled: journal.settled,
      tracer,
      metrics: registry,
      log,
      onStuck: fail,
    })
    runtime.start()
    onStop('the consumer', () => runtime.stop())

    const probes = await startProbeServer({
      host: config.PROBES_HOST,
      port: config.NOTIFICATION_WORKER_PORT,
      dependencies: [
        { name: 'postgres', check: () => db.query('select 1'), essential: true },
        { name: 'smtp', check: () => mailer.check() },
        { name: 'kafka', check: () => admin.cluster() },
        consumerDependency(runtime),
      ],
      metrics: registry,
      isDraining,
    })
    onStop('probes', () => probes.close())
  },
)
