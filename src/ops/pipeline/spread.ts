import type { History } from './history.ts'
import { countOf, quantile } from './prometheus-text.ts'

/** How long something took. Seconds. */
export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly count: number
  /** Over how long it was looked at. */
  readonly windowSeconds: number
}

const recentSeconds = 60
const lookBackSeconds = 300

/**
 * Of the last minute where anything came to its end in it, and of the last five otherwise: a verdict that looked
 * back five minutes always would go on about what has long been mended.
 */
export function lately(
  history: History,
  service: string,
  metric: string,
  labels: Record<string, string> = {},
  atMostMs?: number,
): Spread | null {
  return (
    within(history, recentSeconds, service, metric, labels, atMostMs) ??
    within(history, lookBackSeconds, service, metric, labels, atMostMs)
  )
}

/** @param atMostMs how far back observations count, where what came before does not */
export function within(
  history: History,
  windowSeconds: number,
  service: string,
  metric: string,
  labels: Record<string, string> = {},
  atMostMs = Number.POSITIVE_INFINITY,
): Spread | null {
  const buckets = history.observed(service, metric, labels, Math.min(windowSeconds * 1000, atMostMs))
  const [p50, p95] = [quantile(buckets, 0.5), quantile(buckets, 0.95)]
  return p50 === null || p95 === null ? null : { p50, p95, count: countOf(buckets), windowSeconds }
}
