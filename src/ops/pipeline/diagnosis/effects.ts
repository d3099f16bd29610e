import { groups } from '../../../contracts/consumer-groups.ts'
import type { Problem } from '../../contract/overview.ts'
import type { Facts } from '../facts.ts'
import { duration, format, list, number, problem, stillMs } from './problem.ts'
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
