import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

/**
 * Counts the requests that are under way, and refuses more than so many before their bodies are read: whatever they
 * wait for, memory stays bounded.
 */
export function boundLoad(app: FastifyInstance, { maxUnderWay }: { maxUnderWay: number }): () => number {
  let underWay = 0

  app.addHook('onRequest', (_request, reply, done) => {
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
    })
    if (underWay <= maxUnderWay) return done()
    done(new AppError('unavailable', 'retryable', 'too many requests are under way'))
  })

  return () => underWay
}
