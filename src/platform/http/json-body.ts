import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { duplicateKey } from './duplicate-key.ts'
import { Problem, shown } from './problem.ts'

/** The content types of this API: JSON in UTF-8, and where a route takes no body, anything, unread. */
export function acceptJsonAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()

  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!takesBody(request)) return done(null, undefined)
    try {
      assertUtf8Charset(request)
      done(null, parseJson(bytes))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })

  app.addContentTypeParser('*', (request, payload, done) => {
    if (takesBody(request)) return done(unsupported())
    payload.resume()
    done(null, undefined)
  })

  app.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding']
    const readable = encoding === undefined || encoding.toLowerCase() === 'identity'
    const typed = request.headers['content-type'] !== undefined
    if (takesBody(request) && !(typed && readable)) return done(unsupported())
    done(null, payload)
  })
}

/** @throws {Problem} `malformed_json` */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw malformed('the body is empty')
  if (!isUtf8(bytes)) throw malformed('the body is not UTF-8')
  const text = bytes.toString('utf8')
  const value = parse(text)
  // RFC 7493 (I-JSON), section 2.3: which of the two is meant, nobody can say.
  const duplicate = duplicateKey(text)
  if (duplicate !== null) {
    throw malformed(`the body has the key ${shown(duplicate)} twice in one object: send it once`)
  }
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // What V8 says has no more than a few characters around the place.
    const reason = cause instanceof Error ? cause.message.replace(/ is not valid JSON$/, '') : ''
    throw malformed(`the body is not valid JSON: ${reason.toWellFormed()}`, cause)
  }
}

function takesBody(request: FastifyRequest): boolean {
  return request.routeOptions.schema?.body !== undefined
}

function assertUtf8Charset(request: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw unsupported()
}

function unsupported(): Problem {
  return new Problem('unsupported_media_type', 'the body has to be application/json in UTF-8, not encoded')
}

function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('malformed_json', detail, { cause })
}
