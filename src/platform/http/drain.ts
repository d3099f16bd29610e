import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { within } from '../within.ts'

const noticeMs = 1_000
const finishMs = 7_000

/**
 * Closes a server without failing anybody: while requests are under way it goes on listening for a moment, so that
 * whoever balances load sees it draining; then what is under way is finished, and idle connections are closed.
 */
export function drainer(app: FastifyInstance, underWay: () => number): () => Promise<void> {
  let draining = false

  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('connection', 'close')
    done(null, payload)
  })

  return async () => {
    draining = true
    const deadline = performance.now() + noticeMs
    while (underWay() > 0 && performance.now() < deadline) await pause(20)
    const closed = app.close()
    await within(finishMs, closed).catch(() => app.server.closeAllConnections())
    await closed
  }
}
