import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { AppError } from '../../platform/errors.ts'
import { contextFrom, isSampled } from '../../platform/telemetry/tracing.ts'
import type { Contact } from '../contact.ts'
import type { NotificationMetrics } from '../metrics.ts'
import type { Notice } from '../notice.ts'
import type { Mailer } from './mailer.ts'
import { renderLetter } from './render-letter.ts'

export type SendNotice = (notice: Notice, contact: Contact, traceparent: string | null) => Promise<void>

export interface MailSenderOptions {
  readonly mailer: Mailer
  readonly tracer: Tracer
  readonly metrics: NotificationMetrics
}

/** Writes a notice's letter and sends it, measured, and traced where its event is. */
export function createMailSender({ mailer, tracer, metrics }: MailSenderOptions): SendNotice {
  return async (notice, { email, name = '' }, traceparent) => {
    const letter = renderLetter(notice.draft(name ? { name } : {}))
    const span = isSampled(traceparent) ? startSpan(tracer, notice, traceparent) : null
    const end = metrics.sendSeconds.startTimer({ channel: notice.channel })
    try {
      await mailer.send({ id: notice.id, to: { address: email, name }, letter })
    } catch (error) {
      const message = error instanceof AppError ? error.code : 'error'
      span?.setAttribute('error.type', message)
      span?.setStatus({ code: SpanStatusCode.ERROR, message })
      throw error
    } finally {
      end()
      span?.end()
    }
  }
}

function startSpan(tracer: Tracer, { id, template }: Notice, traceparent: string | null): Span {
  const attributes = { 'thereview.notice_id': id, 'thereview.template': template }
  return tracer.startSpan('send mail', { kind: SpanKind.CLIENT, attributes }, contextFrom(traceparent))
}
