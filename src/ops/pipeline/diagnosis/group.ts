import { lateAfterSeconds } from '../../contract/bounds.ts'
import type { Problem } from '../../contract/overview.ts'
import type { Facts, GroupFacts } from '../facts.ts'
import type { ServiceSight } from '../service-health.ts'
import { commandName, duration, format, list, number, problem, stillMs } from './problem.ts'
import type { Trends } from './trends.ts'
import { workerOf } from './worker-of.ts'

/** What is wrong with a group of ours: nobody reads, nothing gets done, or not fast enough. */
export function ofGroup(group: GroupFacts, { services, kafka }: Facts, trends: Trends): Problem[] {
  const worker = workerOf[group.group]
  if (!worker) return []
  const service = services.find(({ name }) => name === worker)
  if (group.members === 0) return [withoutMembers(group, worker, service)]
  const still = trends.groupStillMs.get(group.group) ?? 0
  const isStuck = group.lagSeconds > stillMs / 1000 && still > stillMs
  if (group.lag > 0 && (isStuck || service?.waiting || service?.hangs)) {
    // Without a leader nobody can read, and that is told of the partitions.
    return kafka && kafka.offline.length > 0 ? [] : [stuck(group, worker, service)]
  }
  if (group.lagSeconds > lateAfterSeconds.group) {
    const isHeldUp = (trends.oldestStillMs.get(group.group) ?? 0) > stillMs
    const rate = trends.groupRate.get(group.group) ?? 0
    return [isHeldUp ? heldUp(group, worker, rate) : behind(group, rate)]
  }
  return []
}

function linkOf({ group }: GroupFacts): string {
  return `/groups/${encodeURIComponent(group)}`
}

function waits({ lag, lagSeconds }: GroupFacts): string {
  return `${number(lag)} ${lag === 1 ? 'record waits' : 'records wait'}, the oldest for ${duration(lagSeconds)}.`
}

function withoutMembers(group: GroupFacts, worker: string, service: ServiceSight | undefined): Problem {
  const owed =
    group.lag > 0 ? `${waits(group)} Nobody reads them.` : 'Nothing waits yet, and what comes next would.'
  const process = service?.hangs
    ? ` ${worker} takes connections and does not answer: it hangs, or is frozen.`
    : service?.state === 'down'
      ? ` ${worker} is not running.`
      : ''
  const act = service?.hangs ? 'restart' : 'start'
  return problem(
    `no-members:${group.group}`,
    group.lag > 0 ? 'broken' : 'late',
    `group:${group.group}`,
    `${group.group} has no members`,
    owed + process,
    `${act === 'start' ? 'Start' : 'Restart'} ${worker}: it goes on from what was committed, and nothing is lost.`,
    `thereview ${act} ${worker}`,
    linkOf(group),
  )
}

function stuck(group: GroupFacts, worker: string, service: ServiceSight | undefined): Problem {
  const away = (service?.away ?? []).filter((name) => name !== 'kafka')
  const [first] = away
  const told = (reason: string, remedy: string, command: string) =>
    problem(
      `stuck:${group.group}`,
      'broken',
      `group:${group.group}`,
      `${group.group} makes no progress`,
      `${waits(group)} ${reason}`,
      remedy,
      command,
      linkOf(group),
    )
  if (first !== undefined) {
    const remedy = `Bring ${list(away)} back; the group goes on by itself.`
    return told(
      `${worker} cannot reach ${list(away)}, and waits for it.`,
      remedy,
      `thereview start ${commandName(first)}`,
    )
  }
  if (service?.hangs) {
    return told(
      `${worker} does not answer: it hangs, or is frozen.`,
      `Restart ${worker}.`,
      `thereview restart ${worker}`,
    )
  }
  const reason = service?.waiting
    ? `${worker} waits for something that it depends on.`
    : 'It has members, and they finish nothing.'
  return told(reason, `Its log says why; restart ${worker} if it hangs.`, `thereview logs ${worker}`)
}

function behind(group: GroupFacts, rate: number): Problem {
  return problem(
    `late:${group.group}`,
    'late',
    `group:${group.group}`,
    `${group.group} is behind`,
    `${waits(group)} It deals with ${format(rate)} a second.`,
    'Wait while it shrinks; if it grows, see which partition is behind and what its worker says.',
    null,
    linkOf(group),
  )
}

/** Others go on, and one record does not: it is tried again in place, and those behind it on its partition wait. */
function heldUp(group: GroupFacts, worker: string, rate: number): Problem {
  return problem(
    `held-up:${group.group}`,
    'late',
    `group:${group.group}`,
    `${group.group} is held up by one record`,
    `${waits(group)} It is at ${group.oldestAt}, and does not move on; the other partitions go on at ${format(rate)} a second.`,
    'See in the log why this record is tried again, and in its journey which review it is of.',
    `thereview logs ${worker}`,
    linkOf(group),
  )
}
