import type { IncomingHttpHeaders } from 'node:http'

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
