import { createConnection, type Socket } from 'node:net'

/** The status of an answer, its body and its head; status 0 where the connection broke before it was whole. */
export type OnAnswer = (status: number, body: Buffer, head: string) => void

const nothing = Buffer.alloc(0)

/**
 * One connection to an HTTP/1.1 server, kept open, with one request under way at a time. It does no more than a
 * driver needs, so that the driver leaves the machine to what it measures: it reads answers that have a
 * `content-length`, and those without a body.
 */
export class HttpConnection {
  readonly #host: string
  readonly #port: number
  #socket: Socket | null = null
  #onAnswer: OnAnswer | null = null
  #received: Buffer = nothing

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  /** Resolves when it is open. */
  async open(): Promise<void> {
    const opened = Promise.withResolvers<void>()
    this.#connect().once('connect', opened.resolve).once('error', opened.reject)
    await opened.promise
  }

  /** Sends a whole request, ASCII alone. After a break it connects anew. */
  send(request: string, onAnswer: OnAnswer): void {
    this.#onAnswer = onAnswer
    const socket = this.#socket ?? this.#connect()
    socket.write(request, 'latin1')
  }

  close(): void {
    this.#socket?.destroy()
  }

  #connect(): Socket {
    const socket = createConnection({ host: this.#host, port: this.#port, noDelay: true })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = null
      this.#received = nothing
      this.#answer(0, nothing, '')
    })
    return socket
  }

  #take(chunk: Buffer): void {
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    this.#received = bytes
    const headEnd = bytes.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = bytes.toString('latin1', 0, headEnd)
    const status = Number(head.slice(9, 12))
    const bodyStart = headEnd + 4
    const end = bodyStart + lengthOf(head, status)
    if (bytes.length < end) return
    this.#received = bytes.subarray(end)
    this.#answer(status, bytes.subarray(bodyStart, end), head)
  }

  #answer(...answer: Parameters<OnAnswer>): void {
    const onAnswer = this.#onAnswer
    this.#onAnswer = null
    onAnswer?.(...answer)
  }
}

function lengthOf(head: string, status: number): number {
  if (status === 204 || status === 304) return 0
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without content-length:\n${head}`)
  return Number(length)
}
