import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Attempt } from './attempt.ts'
import type { Outcome } from './handler.ts'
import type { AnyEvent, Middleware } from './run.ts'

export interface RuntimeMetrics {
  /** Measures the handler. */
  readonly middleware: Middleware
  settled(attempt: Attempt, event: AnyEvent, outcome: Outcome): void
  skipped(eventType: string): void
  deadLetter(code: string): void
  retried(): void
  waiting(isWaiting: boolean): void
}

const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300]

export function runtimeMetrics(registry: Registry, group: string): RuntimeMetrics {
  const registers = [registry]
  const events = new Counter({
    name: 'thereview_consumer_events_total',
    help: 'Events by what came of them',
    labelNames: ['group', 'event_type', 'outcome'],
    registers,
  })
  const deadLetters = new Counter({
    name: 'thereview_consumer_dead_letters_total',
    help: 'Records sent to the dead letters, by error code',
    labelNames: ['group', 'code'],
    registers,
  })
  const retries = new Counter({
    name: 'thereview_consumer_retries_total',
    help: 'Records sent to the retry queue',
    labelNames: ['group'],
    registers,
  })
  const batchSize = new Histogram({
    name: 'thereview_consumer_batch_events',
    help: 'Events that the handler got at once',
    labelNames: ['group'],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    registers,
  })
  const duration = new Histogram({
    name: 'thereview_consumer_handler_seconds',
    help: 'Time that the handler took for a batch',
    labelNames: ['group'],
    buckets: seconds,
    registers,
  })
  const receiveLatency = new Histogram({
    name: 'thereview_consumer_receive_latency_seconds',
    help: "Time from a record's arrival on its topic until the handler got it, of first attempts",
    labelNames: ['group'],
    buckets: seconds,
    registers,
  })
  const latency = new Histogram({
    name: 'thereview_consumer_effect_latency_seconds',
    help: "Time from an event's timestamp until its effect was stored, replays aside",
    labelNames: ['group'],
    buckets: seconds,
    registers,
  })
  const waiting = new Gauge({
    name: 'thereview_consumer_waiting',
    help: '1 while the worker waits for a dependency, and holds its batch',
    labelNames: ['group'],
    registers,
  })
  waiting.set({ group }, 0)
  // Of each event: its labels are looked up once.
  const [received, took] = [receiveLatency.labels({ group }), latency.labels({ group })]

  return {
    middleware: (next) => async (arrivals, context) => {
      batchSize.observe({ group }, arrivals.length)
      const now = Date.now()
      for (const { attempt } of arrivals) {
        // A retry waited on purpose, and a replay for somebody.
        if (attempt.number === 1 && !attempt.isReplay)
          received.observe(Math.max(0, now - Number(attempt.record.timestamp)) / 1000)
      }
      const end = duration.startTimer({ group })
      try {
        return await next(arrivals, context)
      } finally {
        end()
      }
    },
    settled({ isReplay }, event, { verdict }) {
      events.inc({ group, event_type: event.event_type, outcome: verdict })
      if (verdict === 'ok' && !isReplay)
        took.observe(Math.max(0, Date.now() - Date.parse(event.timestamp)) / 1000)
    },
    skipped: (event_type) => events.inc({ group, event_type, outcome: 'skipped' }),
    deadLetter: (code) => deadLetters.inc({ group, code }),
    retried: () => retries.inc({ group }),
    waiting: (isWaiting) => waiting.set({ group }, isWaiting ? 1 : 0),
  }
}
