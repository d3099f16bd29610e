import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ProblemCode, problemBody, problemMediaType, problemTypes } from './problem.ts'

// What Node's parser and its time-outs call an error, before there is a request. Source: Node.js, `clientError`.
const meanings: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', detail: 'URL and headers may have 16 KiB together' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { code: 'body_too_large', detail: 'the chunk extensions are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', detail: 'the request did not arrive in time' },
}

/** What the parser says of the place where it stopped: a fixed text, with nothing of the request. */
interface ParseError extends NodeJS.ErrnoException {
  readonly reason?: string
}

function unreadable({ reason }: ParseError): { code: ProblemCode; detail: string } {
  return { code: 'bad_request', detail: `this is not HTTP that can be read${reason ? `: ${reason}` : ''}` }
}

/** Answers what never became a request, on the bare socket, and closes it. */
export function answerClientError(error: ParseError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  answerBare(socket, meanings[error.code ?? ''] ?? unreadable(error))
}

const graceMs = 1_000

/**
 * Answers `CONNECT`, whose connection Node would close without a word. It hands the socket over with nobody that
 * listens for its errors or ends it.
 */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.resume()
  const late = setTimeout(() => socket.destroy(), graceMs)
  socket.once('close', () => clearTimeout(late))
  answerBare(socket, { code: 'bad_request', detail: 'CONNECT is for proxies, and this is none' })
}

function answerBare(socket: Duplex, { code, detail }: { code: ProblemCode; detail: string }): void {
  const { status } = problemTypes[code]
  const traceId = randomBytes(16).toString('hex')
  const body = JSON.stringify(problemBody(code, { detail, instance: '/', traceId }))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `traceparent: 00-${traceId}-${randomBytes(8).toString('hex')}-00`,
      `X-Correlation-Id: ${randomUUIDv7()}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
