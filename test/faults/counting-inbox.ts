import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server that keeps the `Message-ID` of each mail that it took, and can be taken down and up again. */
export class CountingInbox {
  readonly #taken = new Map<string, number>()
  /** Answers every recipient with a failure for good. */
  refusing = false
  /** Answers every recipient with a failure for now. */
  deferring = false
  /** Takes mails and holds its answers, until it is let go. */
  #holding: PromiseWithResolvers<void> | null = null
  held = 0
  #server: SMTPServer | null = null
  #port = 0

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  set holding(held: boolean) {
    this.#holding?.resolve()
    this.#holding = held ? Promise.withResolvers() : null
    this.held = 0
  }

  /** How often each mail was taken, by its `Message-ID`. */
  get taken(): ReadonlyMap<string, number> {
    return this.#taken
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo: (_address, _session, done) => {
        if (this.refusing) done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        else if (this.deferring) done(Object.assign(new Error('come back later'), { responseCode: 451 }))
        else done()
      },
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const id = /^message-id:\s*(\S+)/im.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? '(none)'
          this.#taken.set(id, (this.#taken.get(id) ?? 0) + 1)
          if (!this.#holding) return done()
          this.held += 1
          void this.#holding.promise.then(() => done())
        })
      },
    })
    // A client that is killed breaks its connection off.
    server.on('error', () => undefined)
    server.listen(this.#port, '127.0.0.1')
    await once(server.server, 'listening')
    this.#port = (server.server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server) await new Promise<void>((resolve) => server.close(resolve))
  }
}
