/** Resident memory of one process at one time. */
export interface MemorySample {
  /** Milliseconds since the process started. */
  readonly age: number
  readonly at: number
  readonly bytes: number
}

// A process that has just started is still growing into its work, and a few minutes are no trend.
const settledAfterMs = 3 * 60_000
const leastMs = 5 * 60_000

/**
 * How much of its mean a part's memory grows over the time of its samples, by least squares: 0.05 is 5 %. Each life of
 * its process is judged by itself, since a new one is smaller than the one before it; the one that grew most counts.
 */
export function growth(samples: readonly MemorySample[]): number {
  const settled = samples.filter(({ age }) => age > settledAfterMs)
  const lives = Map.groupBy(settled, ({ at, age }) => at - age)
  return Math.max(0, ...[...lives.values()].map(growthOfOne))
}

function growthOfOne(samples: readonly MemorySample[]): number {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < leastMs) return 0
  const meanAt = mean(samples.map(({ at }) => at))
  const meanBytes = mean(samples.map(({ bytes }) => bytes))
  const covariance = mean(samples.map(({ at, bytes }) => (at - meanAt) * (bytes - meanBytes)))
  const variance = mean(samples.map(({ at }) => (at - meanAt) ** 2))
  return ((covariance / variance) * (last.at - first.at)) / meanBytes
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
