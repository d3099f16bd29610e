import { Histogram } from '../driver/histogram.ts'
import type { DriveResult } from '../driver/plan.ts'
import type { Figure } from '../figure.ts'

/** What a drive found: its rate, latencies, what was not answered 2xx, and what the driver itself took. */
export function driveFigures(result: DriveResult, parts: readonly number[] = [0.5, 0.99]): readonly Figure[] {
  return [
    { name: 'rate', value: result.completed / result.seconds, unit: '/s' },
    ...latencyFigures(new Histogram(result.latency), parts),
    { name: 'errors', value: errorsOf(result), unit: '' },
    { name: 'driver', value: driverShare(result), unit: '%' },
  ]
}

export function latencyFigures(
  histogram: Histogram,
  parts: readonly number[] = [0.5, 0.99],
): readonly Figure[] {
  return parts.map((part) => ({
    name: `p${Number((part * 100).toFixed(2))}`,
    value: histogram.percentile(part),
    unit: 'ms',
  }))
}

export function errorsOf({ statuses, completed }: DriveResult): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0) - completed
}

/** The driver's CPU, of one core. */
function driverShare({ cpuSeconds, beganAt, endedAt }: DriveResult): number {
  return (cpuSeconds * 1_000 * 100) / (endedAt - beganAt)
}

/** For a row's note: why some were not answered 2xx. */
export function failureNote({ firstFailure }: DriveResult): { note?: string } {
  return firstFailure === null ? {} : { note: `the first that failed: ${firstFailure}` }
}
