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
    `${delimiter}\r\n${part('html', inAscii(html))}${delimiter}--\r\n`
  return message
}

// RFC 2045, sections 6.7 and 2.7.
const mostQuoted = 76
const mostPlain = 998

function part(subtype: 'plain' | 'html', content: string): string {
  const lines = content.replace(/\r\n?|\n/g, '\r\n')
  const [encoding, encoded] = isPlain(lines)
    ? ['7bit', lines]
    : ['quoted-printable', wrap(encode(lines), mostQuoted)]
  return (
    `Content-Type: text/${subtype}; charset=utf-8\r\n` +
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}`
  )
}

/** Whether it can be sent as it is, which costs nothing and is what most letters' HTML comes to. */
function isPlain(lines: string): boolean {
  return /^[\t\r\n\x20-\x7e]*$/.test(lines) && lines.split('\r\n').every(({ length }) => length <= mostPlain)
}

// As UTF-16, in half the time that a pattern over code points takes.
const notAscii = /[\ud800-\udbff][\udc00-\udfff]|[\u0080-\uffff]/g

/** The same for whoever reads HTML. */
function inAscii(html: string): string {
  return html.replace(notAscii, (character) => `&#${character.codePointAt(0)};`)
}
