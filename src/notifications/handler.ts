import { AppError } from '../platform/errors.ts'
import { type Delivery, type Handler, type Outcome, ok } from '../platform/messaging/handler.ts'
import type { AddressOf, Contact } from './contact.ts'
import type { Deliver, Sendable } from './delivery.ts'
import type { SendNotice } from './mail/send-notice.ts'
import type { NotificationMetrics } from './metrics.ts'
import { type Notice, type NoticeEvent, noticeEvents, noticeOf } from './notice.ts'

export interface NotificationHandlerOptions {
  readonly addressOf: AddressOf
  readonly sendMail: SendNotice
  readonly deliver: Deliver
  readonly metrics: NotificationMetrics
}

/** Tells authors what became of their reviews, and sends the mails that commands ask for. */
export function notificationHandler(
  options: NotificationHandlerOptions,
): Handler<(typeof noticeEvents)[number]> {
  const { addressOf, sendMail, deliver, metrics } = options

  const plan = (
    { event, traceparent }: Delivery<NoticeEvent>,
    notice: Notice,
    contact: Contact | null | undefined,
  ): Sendable | Outcome => {
    if (!contact && notice.isCommand) return { verdict: 'dead-letter', error: noAddress }
    if (!contact || (contact.muted?.has(notice.template) && !notice.isCommand)) {
      metrics.unwanted.inc({ reason: contact ? 'muted' : 'no_address' })
      return ok
    }
    return { notice, since: event.timestamp, send: () => sendMail(notice, contact, traceparent) }
  }

  return {
    group: 'notification-service',
    events: noticeEvents,

    async handle(batch, { signal }) {
      const intents = batch.map((delivery) => ({ delivery, notice: noticeOf(delivery.event) }))
      const recipients = intents.flatMap(({ notice }) => ('recipient' in notice ? [notice.recipient] : []))
      const contacts = await addressOf([...new Set(recipients)])
      const plans = intents.map(({ delivery, notice }): Sendable | Outcome =>
        notice instanceof AppError
          ? { verdict: 'dead-letter', error: notice }
          : plan(delivery, notice, contacts.get(notice.recipient)),
      )

      const outcomes = await deliver(
        plans.filter((one) => 'send' in one),
        signal,
      )
      return plans.map((one) => ('send' in one ? outcomes(one.notice) : one))
    },
  }
}

const noAddress = new AppError('no_address', 'fatal', 'the recipient of this command has no address')
