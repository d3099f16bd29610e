import type { Row } from '../figure.ts'
import type { Target } from '../stack/target.ts'
import { driveFigures, failureNote } from './figures.ts'
import { postReviews } from './reviews.ts'

/** The histograms of how much is done at once, on the way of an event. */
const batches = [
  { name: 'a write', port: 'API_PORT', metric: 'thereview_write_batch_size' },
  { name: 'a round of the relay', port: 'RELAY_PORT', metric: 'thereview_relay_round_events' },
  { name: 'a batch of analytics', port: 'ANALYTICS_WORKER_PORT', metric: 'thereview_consumer_batch_events' },
  { name: 'of mails', port: 'NOTIFICATION_WORKER_PORT', metric: 'thereview_consumer_batch_events' },
] as const

/** `POST` over so many connections, and how many of them went together at each step. */
export async function measureBatches(target: Target, connections: number, measuredMs: number): Promise<Row> {
  await target.untilQuiet()
  const before = await observed(target)
  const pace = { kind: 'closed', warmUpMs: 1_000, measuredMs } as const
  const result = await postReviews(target, { pace, connections })
  await target.untilQuiet()
  const after = await observed(target)
  return {
    id: `h.batches-${connections}`,
    label: `POST over ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    figures: [
      ...driveFigures(result),
      ...batches.map(({ name }, n) => {
        const sum = (after[n]?.sum ?? 0) - (before[n]?.sum ?? 0)
        const count = (after[n]?.count ?? 0) - (before[n]?.count ?? 0)
        return { name, value: count === 0 ? null : sum / count, unit: '' } as const
      }),
    ],
    ...failureNote(result),
  }
}

function observed(target: Target): Promise<{ sum: number; count: number }[]> {
  return Promise.all(
    batches.map(async ({ port, metric }) => ({
      sum: await target.metric(port, `${metric}_sum`),
      count: await target.metric(port, `${metric}_count`),
    })),
  )
}
