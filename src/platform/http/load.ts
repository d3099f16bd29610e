import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

export interface LoadBounds {
  readonly maxUnderWay: number
  /**
   * Mean delay of the event loop over a second: a process that is later than this for two seconds in a row has more
   * to do than it can. Once may be a pause of the machine.
   */
  readonly maxDelayMs: number
}

/**
 * Counts the requests that are under way, and refuses more than so many before their bodies are read: whatever they
 * wait for, memory stays bounded. What waits in sockets since the process cannot keep up is refused too.
 */
export function boundLoad(app: FastifyInstance, { maxUnderWay, maxDelayMs }: LoadBounds): () => number {
  let underWay = 0
  const isLate = lateness(app, maxDelayMs)

  app.addHook('onRequest', (_request, reply, done) => {
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
    })
    if (underWay > maxUnderWay) return done(overloaded('too many requests are under way'))
    done(isLate() ? overloaded('the server has more to do than it can') : undefined)
  })

  return () => underWay
}

function overloaded(why: string): AppError {
  return new AppError('unavailable', 'retryable', why)
}

function lateness(app: FastifyInstance, maxDelayMs: number): () => boolean {
  const delay = monitorEventLoopDelay({ resolution: 100 })
  delay.enable()
  let lateInARow = 0
  const timer = setInterval(() => {
    // None measured in a second: the loop stood still.
    const isLate = delay.count === 0 || delay.mean / 1e6 > maxDelayMs
    lateInARow = isLate ? lateInARow + 1 : 0
    delay.reset()
  }, 1_000)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    delay.disable()
  })
  return () => lateInARow >= 2
}
