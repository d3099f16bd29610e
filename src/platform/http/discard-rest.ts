import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyInstance } from 'fastify'

const discardedForMs = 5_000

/**
 * Lets whoever sends too large a body find the answer. It goes out at once and ends when the rest of the body has come
 * and was thrown away: with the end the connection is closed, which a client that is still sending finds broken.
 */
export function discardTooLargeBodies(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 413 || typeof payload !== 'string') return payload
    reply.header('content-length', Buffer.byteLength(payload))
    return Readable.from(answerThenRest(request.raw, payload), { objectMode: false })
  })
}

async function* answerThenRest(request: IncomingMessage, answer: string): AsyncGenerator<string> {
  yield answer
  request.resume()
  await finished(request, { signal: AbortSignal.timeout(discardedForMs) }).catch(() => undefined)
}
