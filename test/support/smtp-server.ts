import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail {
  readonly recipient: string
  readonly messageId: string
  readonly source: string
}

/** What the server does with a recipient, or with a whole mail: take it, answer so, cut the line, or say nothing. */
export type Reaction = 'accept' | { readonly reply: number } | 'drop' | 'stall'

export interface Script {
  readonly onRecipient?: (recipient: string) => Reaction
  /** Called when the mail is there, before it is answered. */
  readonly onMail?: (mail: ReceivedMail) => Reaction | Promise<Reaction>
}

/** A real SMTP server that behaves as badly as a test wants. It keeps every mail that came in whole. */
export class ScriptedSmtpServer {
  script: Script = {}
  readonly mails: ReceivedMail[] = []
  connectionsMade = 0
  #server: SMTPServer | null = null
  #port = 0

  /** Nothing when it runs already. */
  async start(): Promise<void> {
    if (this.#server) return
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      closeTimeout: 1,
      onConnect: (_session, done) => {
        this.connectionsMade += 1
        done()
      },
      onRcptTo: ({ address }, session, done) =>
        this.#react(this.script.onRecipient?.(address) ?? 'accept', session, done),
      onData: (stream, session, done) => {
        void this.#receive(stream, session).then((reaction) => this.#react(reaction, session, done))
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => {
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    const address = server.server.address()
    if (address === null || typeof address === 'string') throw new Error('the SMTP server has no port')
    this.#port = address.port
    this.#server = server
  }

  /** Cuts every connection and listens no longer; `start` comes back on the same port. */
  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    const closed = new Promise<void>((resolve) => {
      server.close(resolve)
    })
    for (const connection of server.connections) connection._socket.destroy()
    await closed
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  async #receive(stream: NodeJS.ReadableStream, session: SMTPServerSession): Promise<Reaction> {
    const source = await text(stream)
    const mail = {
      recipient: session.envelope.rcptTo[0]?.address ?? '',
      messageId: /^message-id: (.*)$/im.exec(source)?.[1] ?? '',
      source,
    }
    this.mails.push(mail)
    return (await this.script.onMail?.(mail)) ?? 'accept'
  }

  #react(reaction: Reaction, session: SMTPServerSession, done: (error?: Error) => void): void {
    switch (reaction) {
      case 'accept':
        done()
        break
      case 'drop':
        for (const { id, _socket } of this.#server?.connections ?? [])
          if (id === session.id) _socket.destroy()
        break
      case 'stall':
        break
      default:
        done(Object.assign(new Error('as the test wants'), { responseCode: reaction.reply }))
    }
  }
}
