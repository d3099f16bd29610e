import { groups as ourGroups } from '../../contracts/consumer-groups.ts'
import { topics } from '../../contracts/topics.ts'
import type {
  BrokerHealth,
  Change,
  Latency,
  Overview,
  Problem,
  Stage,
  StageState,
} from '../contract/overview.ts'
import { diagnose } from './diagnose.ts'
import { effectBounds } from './diagnosis/latency.ts'
import { workerOf } from './diagnosis/worker-of.ts'
import type { Facts, GroupFacts } from './facts.ts'
import type { History } from './history.ts'
import { answerOf, effectOf, requestsOf, trendsOf } from './trends-of.ts'

/** Everything that Home shows, from what was seen last and in the hour before. */
export function overviewOf(history: History, changes: readonly Change[]): Overview | null {
  const facts = history.latest
  if (!facts) return null
  const problems = diagnose(facts, trendsOf(history, facts))
  const stage = stageMaker(problems)
  const rateOf = (read: (facts: Facts) => number | null) => rounded(history.rate(read))
  const { log, kafka } = facts
  const declared = Object.values(ourGroups)
  return {
    at: new Date(facts.at).toISOString(),
    ...verdictOf(problems),
    problems,
    api: stage('api', 'API', {
      rate: rateOf(({ services }) => requestsOf(services.find(({ name }) => name === 'api')?.scrape ?? null)),
      state: facts.services.some(({ name, state }) => name === 'api' && state !== 'down') ? null : 'unknown',
      note: apiNote(history),
    }),
    log: stage('log', 'Log', {
      rate: rateOf(({ log: one }) => one?.head ?? null),
      state: log ? null : 'unknown',
      note: log ? `${count(log.head)} ${log.head === 1 ? 'event' : 'events'}` : '',
    }),
    relay: stage('relay', 'Relay', {
      rate: rateOf(({ log: one }) => one?.published ?? null),
      backlog: log ? log.head - log.published : null,
      lag_seconds: log ? rounded(log.oldestAgeSeconds) : null,
      state: log ? null : 'unknown',
      note: log?.holder ? 'one active' : log ? 'none active' : '',
    }),
    topics: stage('topics', 'Topics', {
      rate: rateOf(
        ({ kafka: one }) => one && sum([...one.ends].filter(([name]) => name !== topics.deadLetters.name)),
      ),
      state: kafka ? null : 'unknown',
      note: kafka ? `${kafka.brokers.length} of ${brokersOf(facts).length} brokers` : '',
    }),
    groups: declared
      .flatMap((name) => (kafka?.groups ?? unseenGroups).find(({ group }) => group === name) ?? [])
      .map((group) => groupStages(group, history, stage, kafka !== null)),
    accepted_to_visible: latencyOf(history, ourGroups.analytics),
    open_dead_letters: facts.letters?.open ?? null,
    brokers: brokersOf(facts),
    services: facts.services.map(({ scrape: _, ...service }) => service),
    changes,
    rates: history.acceptedRates(60),
  }
}

function verdictOf(problems: readonly Problem[]): Pick<Overview, 'state' | 'headline'> {
  const worst = problems.find(({ severity }) => severity !== 'warning')
  if (worst) return { state: worst.severity, headline: worst.title }
  const [warning, ...further] = problems
  if (warning) {
    const more = further.length === 0 ? '' : ` and ${further.length} more`
    return { state: 'warning', headline: `Reviews are on time. ${warning.title}${more}` }
  }
  return { state: 'ok', headline: 'Reviews are on time' }
}

type StageMaker = (
  id: Stage['id'],
  title: string,
  seen: Partial<Pick<Stage, 'rate' | 'backlog' | 'lag_seconds' | 'note'>> & {
    readonly state: StageState | null
  },
) => Stage

/** A stage's state is that of the worst problem that is told of it. */
function stageMaker(problems: readonly Problem[]): StageMaker {
  return (id, title, { state, rate = null, backlog = null, lag_seconds = null, note = '' }) => {
    const own = problems.filter(({ where, severity }) => where === id && severity !== 'warning')
    const worst = own.some(({ severity }) => severity === 'broken')
      ? 'broken'
      : own.length > 0
        ? 'late'
        : null
    return {
      id,
      title,
      state: worst ?? state ?? (rate === 0 ? 'idle' : 'ok'),
      rate,
      backlog,
      lag_seconds,
      note,
    }
  }
}

const effects: Readonly<Record<string, string>> = {
  [ourGroups.notifications]: 'Mails',
  [ourGroups.analytics]: 'Statistics',
  [ourGroups.cache]: 'Cache',
}

const unseenGroups: readonly GroupFacts[] = Object.values(ourGroups).map((group) => ({
  group,
  state: 'Dead',
  members: 0,
  topics: [],
  lag: 0,
  lagSeconds: 0,
  oldestAt: null,
  committed: 0,
}))

function groupStages(
  group: GroupFacts,
  history: History,
  stage: StageMaker,
  seen: boolean,
): Overview['groups'][number] {
  const worker = workerOf[group.group] ?? ''
  const name = group.group
  const isMail = name === ourGroups.notifications
  const retries = history.latest?.retries?.find((one) => one.group === name)
  return {
    group: stage(`group:${name}`, name, {
      rate: rounded(
        history.rate(({ kafka }) => kafka?.groups.find((one) => one.group === name)?.committed ?? null),
      ),
      backlog: seen ? group.lag : null,
      lag_seconds: seen ? rounded(group.lagSeconds) : null,
      state: seen ? null : 'unknown',
      note: seen ? (group.members === 1 ? '1 member' : `${group.members} members`) : '',
    }),
    effect: stage(`effect:${name}`, effects[name] ?? name, {
      rate: rounded(
        isMail
          ? history.counterRate(worker, 'thereview_notices_sent_total')
          : history.counterRate(worker, 'thereview_consumer_events_total', { outcome: 'ok' }),
      ),
      backlog: retries?.count ?? 0,
      lag_seconds: retries ? rounded(retries.oldestSeconds) : 0,
      state: history.latest?.services.some(({ name: one, state }) => one === worker && state !== 'down')
        ? null
        : 'unknown',
      note: isMail ? 'sent' : 'applied',
    }),
    latency: latencyOf(history, name),
  }
}

function apiNote(history: History): string {
  const p95 = answerOf(history)?.p95
  if (p95 === undefined) return ''
  return `p95 ${p95 * 1000 < 10 ? (p95 * 1000).toFixed(1) : Math.round(p95 * 1000)} ms`
}

function latencyOf(history: History, group: string): Latency | null {
  const effect = effectOf(history, group)
  if (!effect) return null
  return {
    p50_ms: Math.round(effect.p50 * 1000),
    p95_ms: Math.round(effect.p95 * 1000),
    events: effect.count,
    window_seconds: effect.windowSeconds,
    late_after_ms: (effectBounds[group]?.seconds ?? 0) * 1000,
  }
}

function brokersOf({ kafka }: Facts): BrokerHealth[] {
  if (!kafka) return []
  const ids = new Set([...kafka.replicaHolders, ...kafka.brokers.map(({ id }) => id)])
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const broker = kafka.brokers.find((one) => one.id === id)
      return {
        id,
        address: broker?.address ?? null,
        up: broker !== undefined,
        leads: kafka.leads.get(id) ?? 0,
      }
    })
}

function sum(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((total, [, value]) => total + value, 0)
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
