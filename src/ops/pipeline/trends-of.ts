import type { GroupLatency, Trends } from './diagnosis/trends.ts'
import { workerOf } from './diagnosis/worker-of.ts'
import type { Facts } from './facts.ts'
import type { History } from './history.ts'
import { labelOf, seriesOf } from './prometheus-text.ts'
import { lately, type Spread, within } from './spread.ts'

const notifications = 'notification-worker'

/** What comparing the last look with those before it tells. */
export function trendsOf(history: History, { kafka, services }: Facts): Trends {
  const oldestOf = (name: string) => (facts: Facts) =>
    facts.kafka?.groups.find(({ group }) => group === name)?.oldestAt ?? null
  const names = kafka?.groups.map(({ group }) => group) ?? []
  const scrape = services.find(({ name }) => name === notifications)?.scrape
  const codes = scrape
    ? seriesOf(scrape, 'thereview_notices_failed_total').flatMap(
        ({ labels }) => labelOf(labels, 'code') ?? [],
      )
    : []
  return {
    relayStillMs: history.unchangedMs(({ log }) => log?.published ?? null),
    groupStillMs: new Map(names.map((name) => [name, history.unchangedMs(committedOf(name))])),
    oldestStillMs: new Map(names.map((name) => [name, history.unchangedMs(oldestOf(name))])),
    groupRate: new Map(names.map((name) => [name, history.rate(committedOf(name))])),
    noticeFailures: [...new Set(codes)].map((code) => ({
      code,
      perSecond: history.counterRate(notifications, 'thereview_notices_failed_total', { code }) ?? 0,
    })),
    apiErrorsPerSecond: history.rate(({ services: seen }) =>
      requestsOf(seen.find(({ name }) => name === 'api')?.scrape ?? null, '5'),
    ),
    answer: answerOf(history),
    latencies: Object.keys(workerOf).flatMap((group) => latencyOf(history, group) ?? []),
  }
}

/** From the acceptance of an event to a group's effect. */
export function effectOf(history: History, group: string): Spread | null {
  const metric = 'thereview_consumer_effect_latency_seconds'
  return lately(history, workerOf[group] ?? '', metric, {}, afterRepeatsMs(history, group))
}

/** Records that come again since the group's offsets were set back had their effect long ago: they are not late. */
function afterRepeatsMs(history: History, group: string): number | undefined {
  return history.regainedMs(group) ?? undefined
}

const committedOf = (name: string) => (facts: Facts) =>
  facts.kafka?.groups.find(({ group }) => group === name)?.committed ?? null

/** How long the API took to answer writes. */
export function answerOf(history: History): Spread | null {
  return lately(history, 'api', 'http_request_duration_seconds', { method: 'POST' })
}

function latencyOf(history: History, group: string): GroupLatency | null {
  const effect = effectOf(history, group)
  if (!effect) return null
  const worker = workerOf[group] ?? ''
  const afterMs = afterRepeatsMs(history, group)
  const p95 = (service: string, metric: string) =>
    within(history, effect.windowSeconds, service, metric, {}, afterMs)?.p95 ?? null
  return {
    group,
    effect,
    publish: p95('relay', 'thereview_relay_publish_latency_seconds'),
    receive: p95(worker, 'thereview_consumer_receive_latency_seconds'),
    handle: p95(worker, 'thereview_consumer_handler_seconds'),
  }
}

/** Requests of others: the probes are ours. */
export function requestsOf(scrape: ReadonlyMap<string, number> | null, status = ''): number | null {
  if (!scrape) return null
  return seriesOf(scrape, 'http_request_duration_seconds_count')
    .filter(({ labels }) => !/route="(\/health\/|\/metrics)/.test(labels))
    .filter(({ labels }) => labelOf(labels, 'status')?.startsWith(status))
    .reduce((total, { value }) => total + value, 0)
}
