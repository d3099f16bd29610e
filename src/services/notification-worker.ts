import { type AddressOf, firstKnown } from '../notifications/contact.ts'
import { createDelivery } from '../notifications/delivery.ts'
import { notificationHandler } from '../notifications/handler.ts'
import { fallbackAddresses } from '../notifications/mail/fallback-address.ts'
import { createMailer } from '../notifications/mail/mailer.ts'
import { createMailSender } from '../notifications/mail/send-notice.ts'
import { notificationMetrics } from '../notifications/metrics.ts'
import { Settlements } from '../notifications/settlements.ts'
import { hasAuthentication } from '../platform/config/rules.ts'
import { runService } from '../platform/service.ts'
import { findContacts } from '../users/contacts.ts'
import { variablesOf } from './variables.ts'
import { openDatabase, startWorker } from './worker.ts'

const name = 'notification-worker'

await runService(name, variablesOf[name], async (service) => {
  const { config, tracer, onStop } = service
  const db = await openDatabase(service, name, { lock: 3_000, statement: 5_000 })

  const mailer = createMailer({
    url: config.SMTP_URL,
    from: config.MAIL_FROM,
    connections: config.SMTP_CONNECTIONS,
  })
  onStop('mail', async () => mailer.close())

  const metrics = notificationMetrics(service.metrics)
  const settlements = new Settlements(db)
  // What was sent and is not noted yet would be sent again by whoever comes next.
  onStop('settlements', () => settlements.stop())
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

  await startWorker(service, {
    name,
    db,
    handler,
    port: config.NOTIFICATION_WORKER_PORT,
    dependencies: [{ name: 'smtp', check: () => mailer.check() }],
  })
})
