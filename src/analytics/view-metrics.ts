import { Counter, Gauge, type Registry } from 'prom-client'

export type ViewMetrics = ReturnType<typeof viewMetrics>

export function viewMetrics(registry: Registry) {
  const registers = [registry]
  return {
    sent: new Counter({ name: 'thereview_views_sent_total', help: 'Views that Kafka took', registers }),
    dropped: new Counter({
      name: 'thereview_views_dropped_total',
      help: 'Views that were dropped: the queue was full, Kafka did not take them, or the API stopped',
      labelNames: ['reason'] as const,
      registers,
    }),
    waiting: new Gauge({ name: 'thereview_views_waiting', help: 'Views on their way to Kafka', registers }),
  }
}
