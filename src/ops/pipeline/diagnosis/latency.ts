import { groups } from '../../../contracts/consumer-groups.ts'
import { lateAfterSeconds } from '../../contract/bounds.ts'
import type { Problem } from '../../contract/overview.ts'
import type { Facts } from '../facts.ts'
import { duration, number, problem } from './problem.ts'
import type { GroupLatency, Trends } from './trends.ts'
import { workerOf } from './worker-of.ts'

/** What is late for whom waits for a group, and from when on. */
export const effectBounds: Readonly<Record<string, { readonly what: string; readonly seconds: number }>> = {
  [groups.analytics]: { what: 'Reviews become visible', seconds: lateAfterSeconds.visible },
  [groups.notifications]: { what: 'Mails go out', seconds: lateAfterSeconds.mail },
  [groups.cache]: { what: 'Cached lists are cleared', seconds: lateAfterSeconds.visible },
}

/**
 * What took too long although nothing stands still: told of where most of the time went. `known` are the problems
 * that are told already: a cause among them says more than its effect.
 */
export function latencies({ log }: Facts, trends: Trends, known: readonly Problem[]): Problem[] {
  const serious = known.filter(({ severity }) => severity !== 'warning')
  const isTold = (group: string) =>
    serious.some(({ where }) =>
      ['log', 'relay', 'topics', `group:${group}`, `effect:${group}`].includes(where),
    )
  return [
    ...slowApi(trends, serious),
    ...(log ? trends.latencies : []).flatMap((latency) => {
      const bound = effectBounds[latency.group]
      const late = bound !== undefined && latency.effect.p95 > bound.seconds
      return late && !isTold(latency.group) ? [lateEffect(latency, bound)] : []
    }),
  ]
}

function slowApi({ answer }: Trends, serious: readonly Problem[]): Problem[] {
  if (!answer || answer.p95 <= lateAfterSeconds.answer || serious.some(({ where }) => where === 'api'))
    return []
  return [
    problem(
      'api-slow',
      'late',
      'api',
      'The API answers slowly',
      `One write in twenty took ${exact(answer.p95)} or more in ${lookedAt(answer.windowSeconds)}; late is beyond ${exact(lateAfterSeconds.answer)}.`,
      'See whether Postgres or the machine is busy; the traces say where the time went.',
      'thereview logs api',
    ),
  ]
}

function lateEffect(latency: GroupLatency, bound: { what: string; seconds: number }): Problem {
  const { group, effect } = latency
  const events = effect.count === 1 ? 'The one event' : `Of ${number(effect.count)} events one in twenty`
  const { where, short, why, remedy, command } = causeOf(latency)
  return problem(
    `latency:${group}`,
    'late',
    where,
    `${bound.what} late: ${short}`,
    `${events} of ${lookedAt(effect.windowSeconds)} took ${exact(effect.p95)} or more from accepted to done; late is beyond ${exact(bound.seconds)}. ${why}`,
    remedy,
    command,
    where === 'relay' ? null : `/groups/${encodeURIComponent(group)}`,
  )
}

interface Cause extends Pick<Problem, 'where' | 'why' | 'remedy'> {
  readonly short: string
  readonly command: string
}

/** The part that took most of the time; where none took as much as a third, it was the waiting between tries. */
function causeOf({ group, effect, publish, receive, handle }: GroupLatency): Cause {
  const worker = workerOf[group] ?? group
  const enough = effect.p95 / 3
  const most = Math.max(publish ?? 0, receive ?? 0, handle ?? 0)
  if (most >= enough && publish === most) {
    return {
      where: 'relay',
      short: 'the relay publishes late',
      why: `The relay took ${exact(most)} of it.`,
      remedy: 'See the log of the relay, and whether the brokers are slow to acknowledge.',
      command: 'thereview logs relay',
    }
  }
  if (most >= enough && receive === most) {
    return {
      where: `group:${group}`,
      short: `${group} is behind`,
      why: `The records waited ${exact(most)} of it on their topic until ${worker} took them.`,
      remedy:
        'If nothing waits any more it has caught up, and this goes by itself; otherwise start another worker.',
      command: `thereview logs ${worker}`,
    }
  }
  if (most >= enough) {
    return {
      where: `effect:${group}`,
      short: `${worker} is slow`,
      why: `The handler took ${exact(most)} for a batch.`,
      remedy: 'See in the traces what the handler waits for.',
      command: `thereview logs ${worker}`,
    }
  }
  return {
    where: `effect:${group}`,
    short: 'some were tried again',
    why: 'They came to their worker in time, and were done only at a later try.',
    remedy: 'Its log says what failed at first. Nothing is to be done about those that are done.',
    command: `thereview logs ${worker}`,
  }
}

function lookedAt(windowSeconds: number): string {
  return windowSeconds === 60 ? 'the last minute' : `the last ${windowSeconds / 60} minutes`
}

function exact(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds * 10) / 10} s` : duration(seconds)
}
