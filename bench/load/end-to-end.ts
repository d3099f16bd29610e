import { setTimeout as pause } from 'node:timers/promises'
import { nowMs } from '../driver/clock.ts'
import type { DriveResult } from '../driver/plan.ts'
import type { Target } from '../stack/target.ts'
import { tallyOf, untilStatisticsAgree } from './agreement.ts'
import { newRunId, postReviews } from './reviews.ts'

export interface EndToEnd {
  readonly posted: DriveResult
  readonly accepted: number
  /** Seconds from the first request until … */
  readonly answered: number
  /** … every statistic agreed with a count, … */
  readonly agreed: number
  /** … every mail was in the inbox, … */
  readonly mailed: number
  /** … and the cache worker had cleared what it had to. */
  readonly cleared: number
  /** Seconds until every group's offsets were committed, which is some time after the effects. */
  readonly committed: number
  /** Reviews a second, with all three effects of each. */
  readonly eventsPerSecond: number
}

const betweenLooksMs = 10

/** Posts reviews as fast as 64 connections go, and waits until all that follows from them is there. */
export async function runEndToEnd(
  target: Target,
  { reviews, entities = 200 }: { reviews: number; entities?: number },
): Promise<EndToEnd> {
  await target.untilQuiet()
  const mailsBefore = target.inbox.count
  const clearedBefore = await target.clearedEvents()
  const runId = newRunId()
  const posted = await postReviews(target, { pace: { kind: 'count', count: reviews }, entities, runId })
  const accepted = reviews - posted.rejected.length
  const tally = tallyOf(runId, entities, reviews, posted.rejected)

  const agreedAt = await untilStatisticsAgree(target, tally)
  while (target.inbox.count < mailsBefore + accepted) await pause(betweenLooksMs)
  const mailedAt = target.inbox.lastAt
  while ((await target.clearedEvents()) < clearedBefore + accepted) await pause(betweenLooksMs)
  const clearedAt = nowMs()
  while (!(await target.hasCaughtUp())) await pause(betweenLooksMs)

  const since = (at: number) => (at - posted.beganAt) / 1_000
  return {
    posted,
    accepted,
    answered: since(posted.endedAt),
    agreed: since(agreedAt),
    mailed: since(mailedAt),
    cleared: since(clearedAt),
    committed: since(nowMs()),
    eventsPerSecond: accepted / since(Math.max(agreedAt, mailedAt, clearedAt)),
  }
}
