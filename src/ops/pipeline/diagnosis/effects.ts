import { groups } from '../../../contracts/consumer-groups.ts'
import type { Problem } from '../../contract/overview.ts'
import type { OpenLetters } from '../../dead-letters/letters.ts'
import type { Facts } from '../facts.ts'
import { duration, format, number, problem, stillMs } from './problem.ts'
import type { Trends } from './trends.ts'
import { workerOf } from './worker-of.ts'

export function notices({ services, retries }: Facts, { noticeFailures }: Trends): Problem[] {
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

export function letters({ letters: found }: Facts): Problem[] {
  if (!found || found.open === 0) return []
  return [
    problem(
      'dead-letters',
      'warning',
      'topics',
      `${number(found.open)} ${found.open === 1 ? 'dead letter is' : 'dead letters are'} open`,
      found.byCause.slice(0, 3).map(causeOf).join(' '),
      'See what failed; then replay them to their group, or discard them with a reason.',
      null,
      '/dead-letters',
    ),
  ]
}

/** One key that fails is another trouble than a handler that fails for all. */
function causeOf({ consumer_group, error_code, count, keys, key, message }: OpenLetters): string {
  const which =
    count > 1 && keys === 1 ? `, all of the key ${key}` : count === 1 ? `, of the key ${key ?? 'null'}` : ''
  const said = message === '' ? '' : ` (${message.length > 120 ? `${message.slice(0, 120)}…` : message})`
  return `${consumer_group}: ${number(count)} × ${error_code}${which}${said}.`
}
