import { setTimeout as pause } from 'node:timers/promises'
import type { Statistics } from '../../src/client/types.gen.ts'
import { plannedEntityType, plannedReview } from '../../src/ops/load-plan.ts'
import { LoadTally } from '../../src/ops/load-tally.ts'
import { nowMs } from '../driver/clock.ts'
import type { Target } from '../stack/target.ts'

const betweenLooksMs = 10

export const statsPath = (entityId: string) => `/api/v1/entities/${plannedEntityType}/${entityId}/stats`

/** A count of a run's reviews that is made from its plan, apart from the system. */
export function tallyOf(
  runId: string,
  entities: number,
  reviews: number,
  rejected: readonly number[],
): LoadTally {
  const tally = new LoadTally()
  const without = new Set(rejected)
  for (let n = 0; n < reviews; n += 1) {
    if (without.has(n)) continue
    const { entity_id, rating } = plannedReview(runId, entities, n)
    tally.add(entity_id, rating)
  }
  return tally
}

/**
 * Reads the statistics as anybody does until every entity's agree with the count. One entity after the other, and
 * the next only when one agrees: so it costs the system a read in ten milliseconds, and no more.
 * @returns when the last one agreed, by `nowMs`
 */
export async function untilStatisticsAgree({ host, port }: Target, tally: LoadTally): Promise<number> {
  for (const entity of tally.entities) {
    for (;;) {
      const answer = await fetch(`http://${host}:${port}${statsPath(entity)}`)
      if (answer.ok && tally.agreesWith(entity, (await answer.json()) as Statistics)) break
      await pause(betweenLooksMs)
    }
  }
  return nowMs()
}
