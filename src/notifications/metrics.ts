import { Counter, Histogram, type Registry } from 'prom-client'

export type NotificationMetrics = ReturnType<typeof notificationMetrics>

export function notificationMetrics(registry: Registry) {
  const registers = [registry]
  return {
    sent: new Counter({
      name: 'thereview_notices_sent_total',
      help: 'Notices that were sent and noted as sent',
      labelNames: ['channel', 'template'],
      registers,
    }),
    failed: new Counter({
      name: 'thereview_notices_failed_total',
      help: 'Attempts to send a notice that failed, by error code',
      labelNames: ['channel', 'code'],
      registers,
    }),
    repeats: new Counter({
      name: 'thereview_notices_repeated_total',
      help: 'Notices asked for again after they were sent, and not sent again',
      labelNames: ['channel'],
      registers,
    }),
    unwanted: new Counter({
      name: 'thereview_notices_unwanted_total',
      help: 'Notices that were not sent: their recipient has no address, or does not want them',
      labelNames: ['reason'],
      registers,
    }),
    sendSeconds: new Histogram({
      name: 'thereview_notices_send_seconds',
      help: 'Time that the server on the outside took for one notice',
      labelNames: ['channel'],
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    }),
    latencySeconds: new Histogram({
      name: 'thereview_notices_latency_seconds',
      help: "Time from an event's timestamp until its notice was sent and noted",
      labelNames: ['channel'],
      buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
      registers,
    }),
  }
}
