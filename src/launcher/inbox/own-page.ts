import type { EventEmitter } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Whether a request comes from the inbox's own page, or from none. What another page in the same browser asks for is
 * refused: its own `Origin`, a name that its owner lets lead to this machine, or a picture that it shows.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders, port: number): boolean {
  const { host, origin } = headers
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return false
  if (origin !== undefined && origin !== `http://${host}`) return false
  return headers['sec-fetch-site'] !== 'cross-site' || headers['sec-fetch-mode'] === 'navigate'
}

/** Stands before all that listens to the server by now: its routes, and the socket beside them that tells of each mail. */
export function refuseOtherPages(server: EventEmitter, port: number): void {
  for (const event of ['request', 'upgrade']) {
    const listeners = server.listeners(event)
    server.removeAllListeners(event)
    server.on(event, (request: IncomingMessage, answer: ServerResponse | Duplex, ...head: Buffer[]) => {
      if (isFromOwnPage(request.headers, port))
        for (const each of listeners) each.call(server, request, answer, ...head)
      else if (answer instanceof ServerResponse) answer.writeHead(403).end('Only for its own page')
      else answer.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    })
  }
}
