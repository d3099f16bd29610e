import { groups } from '../../contracts/consumer-groups.ts'
import type { Problem } from '../contract/overview.ts'
import type { Facts, GroupFacts, KafkaFacts } from './facts.ts'

/** What only a comparison with earlier looks tells. Milliseconds. */
export interface Trends {
  /** Since when the relay has published nothing. */
  readonly relayStillMs: number
  /** Since when each group has committed nothing. */
  readonly groupStillMs: ReadonlyMap<string, number>
  /** Records that each group deals with in a second. */
  readonly groupRate: ReadonlyMap<string, number | null>
  /** Notices that fail in a second, by error code. */
  readonly noticeFailures: readonly { readonly code: string; readonly perSecond: number }[]
  /** Answers of the API with a status of 500 and more, in a second. */
  readonly apiErrorsPerSecond: number | null
}

/** The process that is a group's only member kind, by group. */
export const workerOf: Readonly<Record<string, string>> = {
  [groups.notifications]: 'notification-worker',
  [groups.analytics]: 'analytics-worker',
  [groups.cache]: 'cache-worker',
}

const stillMs = 8_000
const lateSeconds = 60
const lateRecords = 1_000
const relayLateSeconds = 5

/** Everything that is wrong, the worst first. Each rule sees all facts, so that a cause can silence its effects. */
export function diagnose(facts: Facts, trends: Trends): Problem[] {
  const problems = [
    ...dependencies(facts),
    ...api(facts, trends),
    ...relay(facts, trends),
    ...(facts.kafka
      ? [...replicas(facts.kafka), ...facts.kafka.groups.flatMap((group) => ofGroup(group, facts, trends))]
      : []),
    ...notices(facts, trends),
    ...letters(facts),
  ]
  const order = { broken: 0, late: 1, warning: 2 }
  return problems.toSorted((a, b) => order[a.severity] - order[b.severity])
}

function dependencies({ log, kafka }: Facts): Problem[] {
  return [
    ...(log
      ? []
      : [
          problem(
            'postgres-away',
            'broken',
            'log',
            'Postgres does not answer',
            'No review can be written or read while it is away.',
            'Start it, or look at its log for the reason.',
            'thereview start postgres',
          ),
        ]),
    ...(kafka
      ? []
      : [
          problem(
            'kafka-away',
            'broken',
            'topics',
            'Kafka does not answer',
            'Reviews are still accepted and wait in the log; nothing is lost, and no effect happens.',
            'Start the brokers: two of three are enough.',
            'thereview start kafka-1',
            '/cluster',
          ),
        ]),
    ...(kafka?.missingTopics.length
      ? [
          problem(
            'topics-missing',
            'broken',
            'topics',
            `${list(kafka.missingTopics)} missing`,
            'The cluster lacks topics that TheReview declares.',
            'Create them from their declaration.',
            'thereview topics apply',
            '/topics',
          ),
        ]
      : []),
  ]
}

function api({ services, log }: Facts, { apiErrorsPerSecond }: Trends): Problem[] {
  const seen = services.find(({ name }) => name === 'api')
  if (!seen || !log) return []
  if (seen.state === 'down') {
    return [
      problem(
        'api-down',
        'broken',
        'api',
        'The API does not answer',
        'No review is accepted.',
        'Start it, or look at its log for the reason.',
        'thereview start api',
      ),
    ]
  }
  const away = seen.away.filter((name) => name !== 'kafka')
  return [
    ...(away.length > 0
      ? [
          problem(
            'api-degraded',
            'warning',
            'api',
            `The API cannot reach ${list(away)}`,
            away.includes('redis')
              ? 'Reads go to Postgres and are slower; writes are not touched.'
              : 'It goes on without.',
            `Start ${list(away)}.`,
            `thereview start ${away[0] ?? ''}`.replace('_', '-'),
          ),
        ]
      : []),
    ...((apiErrorsPerSecond ?? 0) > 0.05
      ? [
          problem(
            'api-errors',
            'late',
            'api',
            'The API answers with errors',
            `${format(apiErrorsPerSecond ?? 0)} answers a second have a status of 500 or more.`,
            'Find the reason under its trace id in the log of the API.',
            'thereview logs api',
          ),
        ]
      : []),
  ]
}

function relay({ log, kafka, services }: Facts, { relayStillMs }: Trends): Problem[] {
  if (!log) return []
  const backlog = log.head - log.published
  const waiting = `${number(backlog)} ${backlog === 1 ? 'event is' : 'events are'} accepted and not published, the oldest for ${duration(log.oldestAgeSeconds)}.`
  const aside =
    log.setAside > 0
      ? [
          problem(
            'set-aside',
            'warning',
            'relay',
            `${number(log.setAside)} events are set aside`,
            'They are larger than their topic takes, or wait behind one that is.',
            'Find them in relay_set_aside, and shorten what they hold.',
          ),
        ]
      : []
  if (log.holder === null) {
    return [
      problem(
        'relay-absent',
        backlog > 0 ? 'broken' : 'late',
        'relay',
        'No relay is running',
        backlog > 0 ? `${waiting} Nobody publishes them.` : 'Nothing waits yet, and the next review would.',
        'Start it: it goes on where the last one stopped, and nothing is lost.',
        'thereview start relay',
      ),
      ...aside,
    ]
  }
  const stuck = backlog > 0 && relayStillMs > stillMs && log.oldestAgeSeconds > relayLateSeconds
  if (stuck && kafka) {
    const refused = kafka.belowMinIsr.length > 0 || kafka.offline.length > 0
    return [
      problem(
        'relay-stuck',
        'broken',
        'relay',
        'The relay publishes nothing',
        `${waiting} ${log.holder} holds the lease. ${refused ? 'Kafka refuses writes: partitions lack in-sync replicas or a leader.' : services.some(({ name, state }) => name === 'relay' && state === 'down') ? 'Its process does not answer: it hangs, or is frozen.' : 'Its log says why.'}`,
        refused ? 'Bring the missing brokers back.' : 'Look at its log; restart it if it hangs.',
        refused ? 'thereview status' : 'thereview logs relay',
        refused ? '/cluster' : null,
      ),
      ...aside,
    ]
  }
  if (log.oldestAgeSeconds > relayLateSeconds && kafka) {
    return [
      problem(
        'relay-late',
        'late',
        'relay',
        'The relay is behind',
        `${waiting} It publishes, but slower than events come.`,
        'Wait while the backlog shrinks; otherwise look at its log and at Kafka.',
        'thereview logs relay',
      ),
      ...aside,
    ]
  }
  return aside
}

function replicas(kafka: KafkaFacts): Problem[] {
  const up = new Set(kafka.brokers.map(({ id }) => id))
  const missing = kafka.replicaHolders.filter((id) => !up.has(id))
  const which = `broker${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`
  const start = missing.length > 0 ? `thereview start kafka-${missing[0]}` : null
  const bring = missing.length > 0 ? `Start ${which}.` : 'Look at the logs of the brokers.'
  if (kafka.offline.length > 0) {
    return [
      problem(
        'offline',
        'broken',
        'topics',
        `${number(kafka.offline.length)} partitions have no leader`,
        `They can be neither read nor written: ${list(kafka.offline)}.${missing.length > 0 ? ` Away: ${which}.` : ''}`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (kafka.belowMinIsr.length > 0) {
    return [
      problem(
        'below-min-isr',
        'broken',
        'topics',
        `${number(kafka.belowMinIsr.length)} partitions take no writes`,
        `They have fewer in-sync replicas than min.insync.replicas: ${list(kafka.belowMinIsr)}.${missing.length > 0 ? ` Away: ${which}.` : ''}`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (missing.length > 0) {
    return [
      problem(
        'broker-missing',
        'warning',
        'topics',
        `${capital(which)} ${missing.length === 1 ? 'is' : 'are'} away`,
        `${number(kafka.underReplicated.length)} partitions lack a replica. Reading and writing go on; the loss of one more broker would stop writing.`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (kafka.underReplicated.length > 0) {
    return [
      problem(
        'under-replicated',
        'warning',
        'topics',
        `${number(kafka.underReplicated.length)} partitions lack a replica`,
        `All brokers are up; these catch up: ${list(kafka.underReplicated)}.`,
        'Wait; if the number does not shrink, look at the logs and disks of the brokers.',
        null,
        '/cluster',
      ),
    ]
  }
  return []
}

function ofGroup(group: GroupFacts, { services, kafka }: Facts, trends: Trends): Problem[] {
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

function notices({ services, retries }: Facts, { noticeFailures }: Trends): Problem[] {
  const waiting = retries?.find(({ group }) => group === groups.notifications)
  const failing = noticeFailures.filter(({ perSecond }) => perSecond > 0)
  if (failing.length === 0 && (waiting === undefined || waiting.oldestSeconds < stillMs / 1000)) return []
  const away = services.find(({ name }) => name === workerOf[groups.notifications])?.away.includes('smtp')
  const waits = waiting
    ? `${number(waiting.count)} ${waiting.count === 1 ? 'waits' : 'wait'} for another try, the oldest for ${duration(waiting.oldestSeconds)}; the next is ${waiting.nextInSeconds <= 0 ? 'due now' : `in ${duration(waiting.nextInSeconds)}`}.`
    : ''
  const codes = failing.map(({ code, perSecond }) => `${code}: ${format(perSecond)} a second`).join('; ')
  return [
    problem(
      'notices-failing',
      'late',
      `effect:${groups.notifications}`,
      'Mails are late',
      [away ? 'The mail server does not answer.' : '', waits, codes && `${codes}.`].filter(Boolean).join(' '),
      away
        ? 'Bring the mail server back: what waits is sent at its next try.'
        : 'They are tried again by themselves. The log of the notification worker has what the mail server said.',
      away ? 'thereview start mail' : 'thereview logs notification-worker',
    ),
  ]
}

function letters({ letters: found }: Facts): Problem[] {
  if (!found || found.open === 0) return []
  const causes = found.byCause.map(({ group, code, count }) => `${group}: ${number(count)} × ${code}`)
  return [
    problem(
      'dead-letters',
      'warning',
      'topics',
      `${number(found.open)} ${found.open === 1 ? 'dead letter is' : 'dead letters are'} open`,
      `${list(causes)}.`,
      'See what failed; then replay them to their group, or discard them with a reason.',
      null,
      '/dead-letters',
    ),
  ]
}

function problem(
  id: string,
  severity: Problem['severity'],
  where: Problem['where'],
  title: string,
  why: string,
  remedy: string,
  command: string | null = null,
  link: string | null = null,
): Problem {
  return {
    id,
    severity,
    where,
    title,
    why,
    remedy,
    command: command && `npm run -s ${command.replace('thereview ', 'thereview -- ')}`,
    link,
  }
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 3)
  return items.length > 3 ? `${shown.join(', ')} and ${items.length - 3} more` : shown.join(', ')
}

/** Of a dependency as a service names it, the part that the launcher starts. */
function commandName(dependency: string): string {
  return dependency === 'smtp' ? 'mail' : dependency.replace('_', '-')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function format(value: number): string {
  return value >= 10 ? number(Math.round(value)) : String(Math.round(value * 10) / 10)
}

export function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second'
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
