import type { Problem } from '../../contract/overview.ts'
import type { Facts, GroupFacts } from '../facts.ts'
import { commandName, duration, format, list, number, problem, stillMs } from './problem.ts'
import type { Trends } from './trends.ts'
import { workerOf } from './worker-of.ts'

const lateSeconds = 60
const lateRecords = 1_000

export function ofGroup(group: GroupFacts, { services, kafka }: Facts, trends: Trends): Problem[] {
  const worker = workerOf[group.group]
  if (!worker) return []
  const where = `group:${group.group}` as const
  const link = `/groups/${encodeURIComponent(group.group)}`
  const behind = `${number(group.lag)} ${group.lag === 1 ? 'record waits' : 'records wait'}, the oldest for ${duration(group.lagSeconds)}.`
  const service = services.find(({ name }) => name === worker)
  if (group.members === 0) {
    const why =
      group.lag > 0 ? `${behind} Nobody reads them.` : 'Nothing waits yet, and what comes next would.'
    return [
      problem(
        `no-members:${group.group}`,
        group.lag > 0 ? 'broken' : 'late',
        where,
        `${group.group} has no members`,
        `${why}${service?.state === 'down' ? ` ${worker} is not running.` : ''}`,
        `Start ${worker}: it goes on from what was committed, and nothing is lost.`,
        `thereview start ${worker}`,
        link,
      ),
    ]
  }
  const still = trends.groupStillMs.get(group.group) ?? 0
  const stuck = group.lag > 0 && group.lagSeconds > stillMs / 1000 && still > stillMs
  if (stuck || (group.lag > 0 && service?.waiting)) {
    if (kafka && kafka.offline.length > 0) return []
    const away = (service?.away ?? []).filter((name) => name !== 'kafka')
    const reason =
      away.length > 0
        ? `${worker} cannot reach ${list(away)}, and waits for it.`
        : service?.waiting
          ? `${worker} waits for something that it depends on.`
          : service?.state === 'down'
            ? `${worker} does not answer: it hangs, or is frozen.`
            : 'It has members, and they finish nothing.'
    return [
      problem(
        `stuck:${group.group}`,
        'broken',
        where,
        `${group.group} makes no progress`,
        `${behind} ${reason}`,
        away.length > 0
          ? `Bring ${list(away)} back; the group goes on by itself.`
          : `Its log says why; restart ${worker} if it hangs.`,
        away.length > 0 ? `thereview start ${commandName(away[0] ?? '')}` : `thereview logs ${worker}`,
        link,
      ),
    ]
  }
  if (group.lagSeconds > lateSeconds || group.lag > lateRecords) {
    const rate = trends.groupRate.get(group.group) ?? 0
    return [
      problem(
        `late:${group.group}`,
        'late',
        where,
        `${group.group} is behind`,
        `${behind} It deals with ${format(rate)} a second.`,
        'Wait while it shrinks; if it grows, see which partition is behind and what its worker says.',
        null,
        link,
      ),
    ]
  }
  return []
}
