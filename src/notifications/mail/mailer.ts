import { createTransport } from 'nodemailer'
import MailMessage from 'nodemailer/lib/mailer/mail-message'
import { AppError } from '../../platform/errors.ts'
import { compose, type Message } from './compose.ts'
import type { RenderedLetter } from './render-letter.ts'
import { smtpFailure } from './smtp-failure.ts'
import { oneLine } from './wording.ts'

export interface MailerOptions {
  readonly url: string
  /** `Name <address>`: the sender of every mail. */
  readonly from: string
  readonly connections: number
  /** No attempt takes longer, whatever the server does; at most `maxSendMs`. */
  readonly sendTimeoutMs?: number
}

export interface Mail {
  /** Becomes the Message-ID, so that a mail that is sent again can be known as the same. */
  readonly id: string
  readonly to: { readonly address: string; readonly name: string }
  readonly letter: RenderedLetter
}

export interface Mailer {
  /** How many mails can be under way at once: one on each connection. */
  readonly connections: number
  /** Resolves when the server has taken the mail. @throws {AppError} see `smtpFailure` */
  send(mail: Mail): Promise<void>
  /** Rejects when the server does not answer. */
  check(): Promise<unknown>
  close(): void
}

/** No attempt takes longer. */
export const maxSendMs = 10_000

const maxName = 100

/** Sends over a pool of connections that stay open. */
export function createMailer(options: MailerOptions): Mailer {
  const { url, from, connections, sendTimeoutMs = maxSendMs } = options
  const domain = domainOf(from)
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    // A server that has had enough of a connection says so (421).
    maxMessages: Number.POSITIVE_INFINITY,
    connectionTimeout: sendTimeoutMs / 2,
    greetingTimeout: sendTimeoutMs / 2,
    socketTimeout: sendTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // Past nodemailer's own composing, and the streams in which somebody could change a message on its way: they would
  // take longer than the rest.
  const handOver = (message: Message, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const mail = new MailMessage(transport, { signal })
      mail.message = message
      transport.transporter.send(mail, (error) => (error ? reject(error) : resolve()))
    })
  return {
    connections,
    send: async ({ id, to, letter }) => {
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(), sendTimeoutMs)
      try {
        const heading = {
          from,
          to: { address: to.address, name: oneLine(to.name, maxName) },
          messageId: `<${id}@${domain}>`,
        }
        await handOver(compose(letter, heading), late.signal)
      } catch (error) {
        throw smtpFailure(error)
      } finally {
        clearTimeout(timer)
      }
    },
    check: () => transport.verify(),
    close: () => transport.close(),
  }
}

/** @throws {AppError} `invalid_sender` */
function domainOf(from: string): string {
  const domain = /@([A-Za-z0-9.-]+|\[[^\]\s]+\])>?\s*$/.exec(from)?.[1]
  if (domain) return domain
  throw new AppError('invalid_sender', 'fatal', 'MAIL_FROM holds no address: it wants `Name <local@domain>`')
}
