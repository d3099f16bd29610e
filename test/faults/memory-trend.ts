/** Resident memory of one process at one time. */
export interface MemorySample {
  /** Milliseconds since the process started. */
  readonly age: number
  readonly at: number
  readonly bytes: number
}

// A process that has just started is still growing into its work.
const settledAfterMs = 60_000

/** How much of its mean a process's memory grows over the time of its samples, by least squares: 0.05 is 5 %. */
export function growth(samples: readonly MemorySample[]): number {
  const settled = samples.filter(({ age }) => age > settledAfterMs)
  const first = settled[0]
  const last = settled.at(-1)
  if (!first || !last || first === last) return 0
  const meanAt = mean(settled.map(({ at }) => at))
  const meanBytes = mean(settled.map(({ bytes }) => bytes))
  const covariance = mean(settled.map(({ at, bytes }) => (at - meanAt) * (bytes - meanBytes)))
  const variance = mean(settled.map(({ at }) => (at - meanAt) ** 2))
  return ((covariance / variance) * (last.at - first.at)) / meanBytes
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
