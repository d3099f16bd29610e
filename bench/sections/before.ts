import { withBefore } from '../before/before.ts'
import type { Bench, Section } from '../bench.ts'
import { Histogram } from '../driver/histogram.ts'
import type { DriveResult, Pace } from '../driver/plan.ts'
import type { Row } from '../figure.ts'
import { driveFigures, failureNote } from '../load/figures.ts'
import { postReviews } from '../load/reviews.ts'

/** How long a slow mail provider takes, which the inbox makes up by waiting. */
const slowMailMs = 1_500
/** So few that the mails to come are sent soon: the product goes on sending eight at a time. */
const slowRequests = 24

type Address = { readonly host: string; readonly port: number }

export const beforeSection: Section = {
  letter: 'j',
  title: 'Before: the same work within the request, on the same parts',
  async run(bench) {
    const { target, sizes, limits, say } = bench
    const oneByOne: Pace = { kind: 'open', ratePerSecond: 20, warmUpMs: 1_000, measuredMs: sizes.measuredMs }
    const many: Pace = { kind: 'closed', warmUpMs: sizes.warmUpMs, measuredMs: sizes.measuredMs }
    const slowly: Pace = { kind: 'count', count: slowRequests }
    const alone = (address: Address, pace: Pace) => postReviews(address, { pace, connections: 1 })

    say('TheReview')
    await target.untilQuiet()
    const now = await alone(target, oneByOne)
    const nowMany = await limits.posts()
    await target.untilQuiet()
    say('within the request')
    const before = await withBefore(target, (service) => alone(service, oneByOne))
    const beforeMany = await withBefore(target, (service) => postReviews(service, { pace: many }))
    say(`with a mail server that takes ${slowMailMs} ms`)
    const [slowNow, slowBefore, slowMany] = await withSlowMail(bench, async () => [
      await alone(target, slowly),
      await withBefore(target, (service) => alone(service, slowly)),
      await withBefore(target, (service) => postReviews(service, { pace: many })),
    ])

    const slow = `mail server takes ${slowMailMs} ms, simulated`
    const few = `one at a time, ${slowRequests} requests; ${slow}`
    return [
      row('j.now', 'TheReview, one request at a time, 20/s', now),
      row('j.before', 'before, one request at a time, 20/s', before),
      row('j.now-64', 'TheReview, 64 connections', nowMany),
      row('j.before-64', 'before, 64 connections', beforeMany),
      row('j.now-slow', `TheReview, ${few}`, slowNow),
      row('j.before-slow', `before, ${few}`, slowBefore),
      row('j.before-slow-64', `before, 64 connections; ${slow}`, slowMany),
      {
        id: 'j.ratio',
        label: 'before to TheReview',
        figures: [
          { name: 'answer p50', value: p50(before) / p50(now), unit: '×' },
          { name: 'with the slow mail server', value: p50(slowBefore) / p50(slowNow), unit: '×' },
        ],
      },
      {
        id: 'j.rate-ratio',
        label: 'TheReview to before, 64 connections',
        figures: [{ name: 'rate', value: rateOf(nowMany) / rateOf(beforeMany), unit: '×' }],
      },
    ]
  },
}

async function withSlowMail<T>({ target }: Bench, work: () => Promise<T>): Promise<T> {
  target.inbox.tell({ each: false, answerAfterMs: slowMailMs })
  try {
    return await work()
  } finally {
    target.inbox.tell({ each: false, answerAfterMs: 0 })
    await target.untilQuiet()
  }
}

function row(id: string, label: string, result: DriveResult): Row {
  return { id, label, figures: driveFigures(result), ...failureNote(result) }
}

const p50 = ({ latency }: DriveResult) => new Histogram(latency).percentile(0.5) ?? Number.NaN
const rateOf = ({ completed, seconds }: DriveResult) => completed / seconds
