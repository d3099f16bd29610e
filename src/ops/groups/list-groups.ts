import { groups as ourGroups } from '../../contracts/consumer-groups.ts'
import type { GroupSummary } from '../contract/groups.ts'
import type { GroupFacts } from '../pipeline/facts.ts'
import type { History } from '../pipeline/history.ts'

const ours: ReadonlySet<string> = new Set(Object.values(ourGroups))

/** Every group as it was seen last: ours first, then by name. Null while Kafka does not answer. */
export function listGroups(history: History): GroupSummary[] | null {
  const groups = history.latest?.kafka?.groups
  if (!groups) return null
  return groups
    .map((group) => summaryOf(group, history))
    .sort((a, b) => Number(b.ours) - Number(a.ours) || (a.group < b.group ? -1 : 1))
}

export function summaryOf(facts: GroupFacts, history: History): GroupSummary {
  const { group, state, members, topics, lag, lagSeconds } = facts
  const of = (read: (one: GroupFacts) => number) =>
    history.rate(({ kafka }) => {
      const found = kafka?.groups.find((one) => one.group === group)
      return found ? read(found) : null
    })
  const rate = of(({ committed }) => committed)
  return {
    group,
    state,
    members,
    topics,
    lag,
    lag_seconds: Math.round(lagSeconds * 10) / 10,
    rate: rate === null ? null : Math.round(rate * 10) / 10,
    catch_up_seconds: catchUpSeconds(lag, history.lagOf(group)),
    ours: ours.has(group),
  }
}

const trendMs = 30_000

/** At the pace at which the lag shrank in the last half minute; null where it did not. */
export function catchUpSeconds(
  lag: number,
  points: readonly { readonly at: string; readonly lag: number }[],
): number | null {
  if (lag === 0) return 0
  const last = points.at(-1)
  const from =
    points.findLast(({ at }) => last !== undefined && Date.parse(at) <= Date.parse(last.at) - trendMs) ??
    points[0]
  if (!last || !from || from === last) return null
  const shrunk = from.lag - last.lag
  const seconds = (Date.parse(last.at) - Date.parse(from.at)) / 1000
  return shrunk <= 0 ? null : Math.ceil(lag / (shrunk / seconds))
}
