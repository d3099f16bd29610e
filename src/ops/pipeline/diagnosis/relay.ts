import type { LogStanding } from '../../../platform/log/standing.ts'
import { lateAfterSeconds } from '../../contract/bounds.ts'
import type { Problem } from '../../contract/overview.ts'
import type { Facts } from '../facts.ts'
import { duration, number, problem, stillMs } from './problem.ts'
import type { Trends } from './trends.ts'

/** The relay gives its lease up when Kafka refuses it: then Kafka is the cause, and is told of by itself. */
export function relay(facts: Facts, { relayStillMs }: Trends): Problem[] {
  const { log, kafka, services } = facts
  if (!log) return []
  const service = services.find(({ name }) => name === 'relay')
  const answers = service !== undefined && service.state !== 'down'
  const refused = !kafka || kafka.belowMinIsr.length > 0 || kafka.offline.length > 0
  const backlog = log.head - log.published
  const stands = log.holder === null || relayStillMs > stillMs
  if (refused && answers && backlog > 0) return [waitsForKafka(log), ...setAside(log)]
  if (log.holder === null) return [absent(log, service?.hangs ?? false), ...setAside(log)]
  if (backlog > 0 && log.oldestAgeSeconds > lateAfterSeconds.relay) {
    return [stands ? stuck(log, answers) : behind(log), ...setAside(log)]
  }
  return setAside(log)
}

function waiting({ head, published, oldestAgeSeconds }: LogStanding): string {
  const backlog = head - published
  const events = `${number(backlog)} ${backlog === 1 ? 'event is' : 'events are'}`
  return `${events} accepted and not published, the oldest for ${duration(oldestAgeSeconds)}.`
}

function waitsForKafka(log: LogStanding): Problem {
  return problem(
    'relay-waits',
    'late',
    'relay',
    'The relay waits for Kafka',
    `${waiting(log)} Nothing is lost: they wait in the log, in order.`,
    'Bring Kafka back; the relay goes on by itself.',
    null,
    '/cluster',
  )
}

function absent(log: LogStanding, hangs: boolean): Problem {
  const owes = log.head > log.published
  const owed = owes
    ? `${waiting(log)} Nobody publishes them.`
    : 'Nothing waits yet, and the next review would.'
  return problem(
    'relay-absent',
    owes ? 'broken' : 'late',
    'relay',
    hangs ? 'The relay hangs' : 'No relay is running',
    hangs ? `${owed} Its process takes connections and does not answer: it is stuck, or frozen.` : owed,
    `${hangs ? 'Restart' : 'Start'} it: it goes on where the last one stopped, and nothing is lost.`,
    hangs ? 'thereview restart relay' : 'thereview start relay',
  )
}

function stuck(log: LogStanding, answers: boolean): Problem {
  return problem(
    'relay-stuck',
    'broken',
    'relay',
    'The relay publishes nothing',
    `${waiting(log)} ${log.holder} holds the lease. ${answers ? 'Its log says why.' : 'Its process does not answer: it hangs, or is frozen.'}`,
    answers ? 'Look at its log; restart it if it hangs.' : 'Restart it.',
    answers ? 'thereview logs relay' : 'thereview restart relay',
  )
}

function behind(log: LogStanding): Problem {
  return problem(
    'relay-late',
    'late',
    'relay',
    'The relay is behind',
    `${waiting(log)} It publishes, but slower than events come.`,
    'Wait while the backlog shrinks; otherwise look at its log and at Kafka.',
    'thereview logs relay',
  )
}

function setAside({ setAside: count }: LogStanding): Problem[] {
  if (count === 0) return []
  return [
    problem(
      'set-aside',
      'warning',
      'relay',
      `${number(count)} events are set aside`,
      'They are larger than their topic takes, or wait behind one that is.',
      'Find them in relay_set_aside, and shorten what they hold.',
    ),
  ]
}
