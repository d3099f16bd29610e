import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export interface SmtpSinkOptions {
  /** 0 for any that is free. */
  readonly port: number
  /** How long the server thinks about a mail before it takes it. */
  readonly answerAfterMs: () => number
  /** Called when a mail is there in whole, before that is answered. */
  readonly onMail: (recipient: string) => void
}

/**
 * An SMTP server (RFC 5321) that takes every mail, tells of it and keeps none. It is as light as one can be, since
 * a mail server is on a machine of its own as a rule, and here takes its share of two cores.
 */
export class SmtpSink {
  readonly #options: SmtpSinkOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(options: SmtpSinkOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket))
  }

  /** Resolves with its port. */
  async start(): Promise<number> {
    this.#server.listen(this.#options.port, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    const { answerAfterMs, onMail } = this.#options
    let received = ''
    let recipient = ''
    let inData = false
    const say = (line: string) => socket.write(`${line}\r\n`)

    const takeMail = (): boolean => {
      const end = received.indexOf('\r\n.\r\n')
      if (end < 0) return false
      received = received.slice(end + 5)
      inData = false
      onMail(recipient)
      const waitMs = answerAfterMs()
      if (waitMs > 0) setTimeout(say, waitMs, '250 taken')
      else say('250 taken')
      return true
    }
    const takeLine = (): boolean => {
      const end = received.indexOf('\r\n')
      if (end < 0) return false
      const line = received.slice(0, end)
      received = received.slice(end + 2)
      const command = line.slice(0, 4).toUpperCase()
      if (command === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (command === 'DATA') inData = true
      if (command === 'QUIT') socket.end('221 bye\r\n')
      else say(replies[command] ?? '502 not here')
      return true
    }

    this.#sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      while (inData ? takeMail() : takeLine());
    })
    // A client that is killed breaks its connection off.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    say('220 bench ESMTP')
  }
}

const replies: Readonly<Record<string, string>> = {
  EHLO: '250-bench\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING',
  HELO: '250 bench',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  RSET: '250 ok',
  NOOP: '250 ok',
}
