/** When the requests of an open loop are due: evenly, whether or not the answers keep up. */
export interface Schedule {
  readonly total: number
  /** Milliseconds from the begin until the n-th is due, from 0 on. */
  dueMs(n: number): number
  /** The first whose latency counts. */
  readonly firstMeasured: number
}

export function openLoop(ratePerSecond: number, warmUpMs: number, measuredMs: number): Schedule {
  const countIn = (milliseconds: number) => Math.round((ratePerSecond * milliseconds) / 1_000)
  return {
    total: countIn(warmUpMs) + countIn(measuredMs),
    dueMs: (n) => (n * 1_000) / ratePerSecond,
    firstMeasured: countIn(warmUpMs),
  }
}
