import { trace } from '@opentelemetry/api'
import { collectDefaultMetrics, type MetricObject, Registry } from 'prom-client'
import { viewMetrics } from '../../src/analytics/view-metrics.ts'
import { groups } from '../../src/contracts/consumer-groups.ts'
import { notificationMetrics } from '../../src/notifications/metrics.ts'
import { openLetters } from '../../src/ops/dead-letters/indexer.ts'
import { kafkaMetrics } from '../../src/ops/exporter/kafka-metrics.ts'
import { createHttpServer } from '../../src/platform/http/server.ts'
import { relayMetrics } from '../../src/platform/log/relay-metrics.ts'
import { runtimeMetrics } from '../../src/platform/messaging/metrics.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { cacheMetrics } from '../../src/platform/redis/cache-metrics.ts'
import { logLevelMetrics } from '../../src/platform/telemetry/changed-log-levels.ts'
import { LogLevels } from '../../src/platform/telemetry/log-levels.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { writeMetrics } from '../../src/reviews/write-metrics.ts'

export interface Metric {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly help: string
}

/** Nothing is collected here, so it never connects. */
const pool = createPool({ url: 'postgres://127.0.0.1:1/none', size: 1, applicationName: 'docs' })

function http(registry: Registry): void {
  const log = createLogger({ service: 'docs', level: 'silent', format: 'json' })
  createHttpServer({ tracer: trace.getTracer('docs'), log, metrics: registry, open: null })
}

function kafka(registry: Registry): void {
  kafkaMetrics({ registry, clusterName: '', timestampAt: async () => null, now: Date.now })
}

/** What each service registers, by the functions by which it does. */
const registered: Readonly<Record<string, readonly ((registry: Registry) => unknown)[]>> = {
  'every service': [
    (registry) => collectDefaultMetrics({ register: registry }),
    (registry) => logLevelMetrics(registry, new LogLevels({ modules: {} })),
  ],
  api: [http, writeMetrics, viewMetrics, cacheMetrics],
  relay: [(registry) => relayMetrics(registry, pool)],
  'notification-worker': [(registry) => runtimeMetrics(registry, groups.notifications), notificationMetrics],
  'analytics-worker': [(registry) => runtimeMetrics(registry, groups.analytics), cacheMetrics],
  'cache-worker': [(registry) => runtimeMetrics(registry, groups.cache), cacheMetrics],
  ops: [http, kafka, (registry) => openLetters({ metrics: registry, pool })],
}

export const serviceNames = Object.keys(registered)

export function metricsOf(service: string): Metric[] {
  const registry = new Registry()
  for (const register of registered[service] ?? []) register(registry)
  return registry.getMetricsAsArray().map((metric) => ({
    name: metric.name,
    type: `${metric.type}`,
    labels: labelsOf(metric),
    help: metric.help,
  }))
}

/** The client's types leave the names of labels out. */
function labelsOf(metric: MetricObject): string[] {
  return 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : []
}
