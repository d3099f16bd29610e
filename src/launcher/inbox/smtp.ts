import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Say } from '../part.ts'
import type { Mailbox } from './mailbox.ts'

const mostBytes = 50 * 2 ** 20

/** Takes every mail from anybody who can reach it, and delivers none. */
export async function receiveMails(port: number, mailbox: Mailbox, say: Say): Promise<SMTPServer> {
  const server = new SMTPServer({
    size: mostBytes,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onData: (stream, session, done) => {
      receive(stream, session).then((id) => done(null, `Message queued as ${id}`), done)
    },
  })

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = []
    // What is too large is read to its end, since only then the client listens, and not kept.
    for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk)
    if (stream.sizeExceeded) {
      throw Object.assign(new Error(`Mails of more than ${mostBytes} bytes are not taken`), {
        responseCode: 552,
      })
    }
    const { mailFrom, rcptTo } = session.envelope
    return mailbox.receive(Buffer.concat(chunks), {
      from: { address: mailFrom ? mailFrom.address : '' },
      to: rcptTo.map(({ address }) => ({ address })),
      host: session.hostNameAppearsAs,
      remoteAddress: session.remoteAddress,
    })
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // A client that goes away in the middle of a mail.
  server.on('error', (error) => say(`SMTP: ${error.message}`))
  return server
}
