import type { Bench, Section } from '../bench.ts'
import { Histogram } from '../driver/histogram.ts'
import type { Row } from '../figure.ts'
import { driveFigures, failureNote } from '../load/figures.ts'
import { postReviews } from '../load/reviews.ts'

// Enough that none is waited for while the server keeps up.
const connections = 256

export const openLoopSection: Section = {
  letter: 'c',
  title: 'POST, open loop: latency from when each request was due',
  async run(bench) {
    bench.say('500/s')
    const slow = await openLoop(bench, 'c.500', 500)
    bench.say('the maximum, of which half')
    const maximum = await bench.limits.posts()
    const half = Math.round(maximum.completed / maximum.seconds / 2)
    bench.say(`${half}/s`)
    return [slow, await openLoop(bench, 'c.half', half)]
  },
}

async function openLoop({ target, sizes }: Bench, id: string, ratePerSecond: number): Promise<Row> {
  await target.untilQuiet()
  const { warmUpMs, measuredMs } = sizes
  const pace = { kind: 'open', ratePerSecond, warmUpMs, measuredMs } as const
  const result = await postReviews(target, { pace, connections })
  const late = new Histogram(result.lateness).percentile(0.99)
  return {
    id,
    label: id === 'c.half' ? `POST at half of the maximum, ${ratePerSecond}/s` : `POST at ${ratePerSecond}/s`,
    figures: [
      ...driveFigures(result, [0.5, 0.99, 0.999]),
      // The share of the latencies above that is the driver's own: it had no time yet.
      { name: 'driver late p99', value: late, unit: 'ms' },
    ],
    ...failureNote(result),
  }
}
