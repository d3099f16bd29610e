import { randomUUID } from 'node:crypto'
import { type Tracer, trace } from '@opentelemetry/api'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { EventDefinition, EventOf } from '../../src/contracts/event.ts'
import { emailSend } from '../../src/contracts/events/email-send.ts'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import { exampleOf } from '../../src/contracts/example.ts'
import type { AddressOf } from '../../src/notifications/contact.ts'
import { createDelivery } from '../../src/notifications/delivery.ts'
import { notificationHandler } from '../../src/notifications/handler.ts'
import { fallbackAddresses } from '../../src/notifications/mail/fallback-address.ts'
import { createMailer } from '../../src/notifications/mail/mailer.ts'
import { createMailSender } from '../../src/notifications/mail/send-notice.ts'
import { notificationMetrics } from '../../src/notifications/metrics.ts'
import type { NoticeEvent } from '../../src/notifications/notice.ts'
import { Settlements } from '../../src/notifications/settlements.ts'
import type { Outcome } from '../../src/platform/messaging/handler.ts'
import type { Pool } from '../../src/platform/postgres/pool.ts'

export interface TestWorkerOptions {
  readonly db: Pool
  readonly smtpUrl: string
  readonly connections?: number
  readonly sendTimeoutMs?: number
  readonly addressOf?: AddressOf
  readonly tracer?: Tracer
  readonly signal?: AbortSignal
  readonly traceparent?: string
}

export interface TestWorker {
  handle(events: readonly NoticeEvent[]): Promise<readonly Outcome[]>
  readonly registry: Registry
  close(): void
}

/** The notification service without Kafka: events go in, outcomes come back. */
export function startTestWorker(options: TestWorkerOptions): TestWorker {
  const registry = new Registry()
  const metrics = notificationMetrics(registry)
  const mailer = createMailer({
    url: options.smtpUrl,
    from: 'TheReview <reviews@example.test>',
    connections: options.connections ?? 4,
    ...(options.sendTimeoutMs ? { sendTimeoutMs: options.sendTimeoutMs } : {}),
  })
  const handler = notificationHandler({
    addressOf: options.addressOf ?? fallbackAddresses('example.test'),
    sendMail: createMailSender({ mailer, tracer: options.tracer ?? trace.getTracer('test'), metrics }),
    deliver: createDelivery({
      db: options.db,
      settlements: new Settlements(options.db),
      metrics,
      lanes: mailer.connections,
    }),
    metrics,
  })
  const context = {
    log: pino({ level: 'silent' }),
    signal: options.signal ?? new AbortController().signal,
  }
  return {
    handle: (events) =>
      handler.handle(
        events.map((event) => ({
          event,
          position: null,
          traceparent: options.traceparent ?? null,
          attempt: 1,
        })),
        context,
      ),
    registry,
    close: () => mailer.close(),
  }
}

/** A valid event of this type, with an id of its own. */
export function eventOf<D extends EventDefinition>(
  definition: D,
  data: Partial<EventOf<D>['data']>,
): EventOf<D> {
  const example = exampleOf(definition)
  return { ...example, event_id: randomUUID(), data: { ...example.data, ...data } } as unknown as EventOf<D>
}

export const created = (user_id: string) => eventOf(reviewCreated, { user_id })

export const command = (data: Partial<EventOf<typeof emailSend>['data']>) => eventOf(emailSend, data)
