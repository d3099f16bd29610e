import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FromInbox, ToInbox } from './messages.ts'

/** A mail server in a process of its own, which counts what it takes and knows when it came. */
export class Inbox {
  readonly url: string
  readonly #process: ChildProcess
  readonly #awaited = new Map<string, (at: number) => void>()
  #count = 0
  #lastAt = 0

  private constructor(child: ChildProcess, port: number) {
    this.#process = child
    this.url = `smtp://127.0.0.1:${port}`
    child.on('message', (message: FromInbox) => {
      if ('count' in message) {
        this.#count = message.count
        this.#lastAt = message.lastAt
      } else if ('recipient' in message) {
        this.#awaited.get(message.recipient)?.(message.at)
      }
    })
  }

  /** On a port that another run's stack knows, or, with 0, on any. */
  static async start(port: number): Promise<Inbox> {
    const child = fork(join(import.meta.dirname, 'inbox-process.ts'))
    child.send({ port } satisfies ToInbox)
    const started: Promise<[FromInbox]> = once(child, 'message') as Promise<[FromInbox]>
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the inbox could not listen on port ${port}`)
    })
    const [message] = await Promise.race([started, ended])
    if (!('listensOn' in message)) throw new Error('the inbox spoke before it listened')
    return new Inbox(child, message.listensOn)
  }

  /** Mails that were taken so far. */
  get count(): number {
    return this.#count
  }

  /** When the last of them came, by `nowMs`. */
  get lastAt(): number {
    return this.#lastAt
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  tell(manner: { readonly each: boolean; readonly answerAfterMs: number }): void {
    this.#process.send(manner satisfies ToInbox)
  }

  /** When the next mail to an address comes, by `nowMs`; only while each is told of. */
  arrivalFor(address: string): Promise<number> {
    return new Promise((resolve) => {
      this.#awaited.set(address, (at) => {
        this.#awaited.delete(address)
        resolve(at)
      })
    })
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.disconnect()
    await ended
  }
}
