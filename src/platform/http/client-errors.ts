import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type ProblemCode, problemBody, problemMediaType, problemTypes } from './problem.ts'

// What Node's parser and its time-outs call an error, before there is a request. Source: Node.js, `clientError`.
const meanings: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', detail: 'URL and headers may have 16 KiB together' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { code: 'body_too_large', detail: 'the chunk extensions are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', detail: 'the request did not arrive in time' },
}

const unreadable = { code: 'bad_request', detail: 'this is not HTTP that can be read' } as const

/** Answers what never became a request, on the bare socket, and closes it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { code, detail } = meanings[error.code ?? ''] ?? unreadable
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
