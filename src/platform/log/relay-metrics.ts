import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Pool } from '../postgres/pool.ts'
import { type LogStanding, readLogStanding } from './standing.ts'

export type RelayMetrics = ReturnType<typeof relayMetrics>

type Measured = Pick<LogStanding, 'head' | 'published' | 'oldestAgeSeconds' | 'setAside'>

/** While Postgres is away: not known is not none. */
const unknown: Measured = {
  head: Number.NaN,
  published: Number.NaN,
  oldestAgeSeconds: Number.NaN,
  setAside: Number.NaN,
}

export function relayMetrics(registry: Registry, pool: Pool) {
  const registers = [registry]
  // One statement for the gauges that one scrape asks for together.
  let reading: Promise<Measured> | null = null
  const standing = () => {
    reading ??= readLogStanding(pool)
      .catch(() => unknown)
      .finally(() => {
        reading = null
      })
    return reading
  }
  const gauge = (name: string, help: string, read: (standing: Measured) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(read(await standing()))
      },
    })
  gauge(
    'thereview_log_head_position',
    'Position of the last event of the log: how many were ever appended',
    ({ head }) => head,
  )
  gauge(
    'thereview_relay_backlog_events',
    'Events of the log that are not yet published',
    ({ head, published }) => head - published,
  )
  gauge(
    'thereview_relay_oldest_unpublished_seconds',
    'Age of the oldest event of the log that is not yet published, 0 when all are',
    ({ oldestAgeSeconds }) => oldestAgeSeconds,
  )
  gauge(
    'thereview_relay_set_aside_events',
    'Events that no topic takes, and those that wait behind them',
    ({ setAside }) => setAside,
  )
  return {
    active: new Gauge({
      name: 'thereview_relay_active',
      help: '1 while this process holds the lease, 0 while it stands by',
      registers,
    }),
    published: new Counter({
      name: 'thereview_relay_published_events_total',
      help: 'Events that Kafka acknowledged',
      registers,
    }),
    round: new Histogram({
      name: 'thereview_relay_round_events',
      help: 'Events that were published together',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
      registers,
    }),
    latency: new Histogram({
      name: 'thereview_relay_publish_latency_seconds',
      help: "Time from an event's timestamp to Kafka's acknowledgement",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    }),
    failures: new Counter({
      name: 'thereview_relay_failures_total',
      help: 'Rounds that failed and were begun again from the cursor',
      registers,
    }),
  }
}
