import type { HttpConnection } from './http-connection.ts'
import type { DrivePlan } from './plan.ts'
import { openLoop } from './schedule.ts'
import { isSuccess, Tallies } from './tallies.ts'

const retryMs = 50
const maxRetries = 200

export interface Loop {
  readonly tallies: Tallies
  readonly sent: number
  readonly seconds: number
  readonly retried: number
  readonly rejected: readonly number[]
}

type RequestOf = (n: number) => string
type Connections = readonly HttpConnection[]

export function runLoop(
  connections: Connections,
  pace: DrivePlan['pace'],
  request: RequestOf,
): Promise<Loop> {
  switch (pace.kind) {
    case 'closed':
      return closed(connections, pace, request)
    case 'count':
      return counted(connections, pace.count, request)
    case 'open':
      return open(connections, pace, request)
  }
}

/** As fast as the answers come, for a time. What is answered within the measure counts. */
function closed(
  connections: Connections,
  pace: Extract<DrivePlan['pace'], { kind: 'closed' }>,
  request: RequestOf,
): Promise<Loop> {
  const tallies = new Tallies()
  const from = performance.now() + pace.warmUpMs
  const to = from + pace.measuredMs
  let sent = 0
  const done = connections.map(
    (connection) =>
      new Promise<void>((resolve) => {
        const next = () => {
          const at = performance.now()
          if (at >= to) return resolve()
          connection.send(request(sent++), (status, body) => {
            const now = performance.now()
            if (now >= from && now < to) tallies.answered(status, body, now - at)
            if (status === 0) setTimeout(next, retryMs)
            else next()
          })
        }
        next()
      }),
  )
  const loop = () => ({ tallies, sent, seconds: pace.measuredMs / 1_000, retried: 0, rejected: [] })
  return Promise.all(done).then(loop)
}

/** Each of a number of requests until it is accepted: one that is refused for the moment is sent again. */
async function counted(connections: Connections, count: number, request: RequestOf): Promise<Loop> {
  const tallies = new Tallies()
  const rejected: number[] = []
  const began = performance.now()
  let sent = 0
  let retried = 0

  const settle = (connection: HttpConnection, n: number, attempt: number, settled: () => void) => {
    const at = performance.now()
    connection.send(request(n), (status, body) => {
      tallies.answered(status, body, performance.now() - at)
      // After a break that leaves it open whether it was stored, 409 says that it was.
      if (isSuccess(status) || (status === 409 && attempt > 0)) return settled()
      if ((status === 0 || status === 429 || status >= 500) && attempt < maxRetries) {
        retried += 1
        setTimeout(settle, retryMs, connection, n, attempt + 1, settled)
        return
      }
      rejected.push(n)
      settled()
    })
  }
  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve) => {
          const next = () => (sent < count ? settle(connection, sent++, 0, next) : resolve())
          next()
        }),
    ),
  )
  return { tallies, sent, seconds: (performance.now() - began) / 1_000, retried, rejected }
}

/**
 * At a rate, whether or not the answers keep up. A latency counts from when the request was due, so that the pauses
 * of a slow server are not hidden by the requests that they hold back ("coordinated omission").
 */
async function open(
  connections: Connections,
  pace: Extract<DrivePlan['pace'], { kind: 'open' }>,
  request: RequestOf,
): Promise<Loop> {
  const tallies = new Tallies()
  const schedule = openLoop(pace.ratePerSecond, pace.warmUpMs, pace.measuredMs)
  const idle = [...connections]
  const waiting: number[] = []
  const finished = Promise.withResolvers<void>()
  const began = performance.now()
  let due = 0
  let answered = 0

  const send = (connection: HttpConnection, n: number) => {
    connection.send(request(n), (status, body) => {
      const latency = performance.now() - began - schedule.dueMs(n)
      if (n >= schedule.firstMeasured) tallies.answered(status, body, latency)
      answered += 1
      if (answered === schedule.total) return finished.resolve()
      const next = waiting.shift()
      if (next === undefined) idle.push(connection)
      else send(connection, next)
    })
  }
  const tick = () => {
    const now = performance.now() - began
    for (; due < schedule.total && schedule.dueMs(due) <= now; due += 1) {
      if (due >= schedule.firstMeasured) tallies.lateness.record(now - schedule.dueMs(due))
      // In turn, so that the server closes none for being silent.
      const connection = idle.shift()
      if (connection) send(connection, due)
      else waiting.push(due)
    }
    if (due < schedule.total) setTimeout(tick, schedule.dueMs(due) - now)
  }
  tick()
  await finished.promise
  return { tallies, sent: due, seconds: pace.measuredMs / 1_000, retried: 0, rejected: [] }
}
