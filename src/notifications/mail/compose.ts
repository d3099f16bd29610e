import { Readable } from 'node:stream'
import MimeNode, { type MimeNodeEnvelope } from 'nodemailer/lib/mime-node'
import { encode, wrap } from 'nodemailer/lib/qp'
import type { RenderedLetter } from './render-letter.ts'

export interface Heading {
  /** `Name <address>` */
  readonly from: string
  readonly to: { readonly address: string; readonly name: string }
  readonly messageId: string
}

/** A message that is written already, as nodemailer's transports take it. */
export class Message extends MimeNode {
  /** The whole of it (RFC 5322). */
  raw = ''
  #envelope: MimeNodeEnvelope | undefined

  /** From the header, whose addresses are read once. */
  override getEnvelope(): MimeNodeEnvelope {
    this.#envelope ??= super.getEnvelope()
    return this.#envelope
  }

  /** In one piece. */
  override createReadStream(): Readable {
    const { raw } = this
    return new Readable({
      read() {
        this.push(raw, 'utf8')
        this.push(null)
      },
    })
  }
}

/**
 * A letter as one message of two alternatives (RFC 2046, section 5.1.4). nodemailer writes the header, which is where
 * the difficult rules are; left to it, the two short bodies would go through five streams, and to the socket in a
 * dozen small pieces, which is most of what a mail costs.
 */
export function compose({ subject, html, text }: RenderedLetter, { from, to, messageId }: Heading): Message {
  const message = new Message('multipart/alternative')
  message.setHeader({
    from,
    to,
    subject,
    'message-id': messageId,
    // RFC 3834: nobody's holiday notice shall answer it.
    'auto-submitted': 'auto-generated',
  })
  const header = message.buildHeaders()
  const delimiter = `\r\n--${message.boundary}`
  message.raw =
    `${header}\r\n${delimiter}\r\n${part('plain', text)}` +
    `${delimiter}\r\n${part('html', html)}${delimiter}--\r\n`
  return message
}

// RFC 2045, section 6.7.
const maxLine = 76

function part(subtype: 'plain' | 'html', content: string): string {
  const lines = wrap(encode(content.replace(/\r\n?|\n/g, '\r\n')), maxLine)
  return (
    `Content-Type: text/${subtype}; charset=utf-8\r\n` +
    `Content-Transfer-Encoding: quoted-printable\r\n\r\n${lines}`
  )
}
