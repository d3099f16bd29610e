import { styleText } from 'node:util'
import type { DryRun } from '../ops/dead-letters/dry-run.ts'
import { maxReplays } from '../ops/dead-letters/letter.ts'
import type { ReplayJob } from '../ops/dead-letters/replay-jobs.ts'
import { plainLine } from './plain-text.ts'

const shownKeys = 10
const shownLetters = 10

/** What a replay would do, and what to do next. */
export function planText(plan: DryRun, ratePerSecond: number): string {
  const { letters, keys, decodable, undecodable, superseded, byGroup } = plan
  if (letters === 0) return 'No open dead letters match.\n'
  const groups = Object.entries(byGroup).map(([group, count]) => `${count} to ${group}`)
  const lines = [
    `${letters} letters: ${groups.join(', ')}`,
    ...entry('keys', [...keys.slice(0, shownKeys).map(plainLine), ...(keys.length > shownKeys ? ['…'] : [])]),
    ...entry('decode now', [`${decodable} of ${letters}`, ...failures(undecodable)]),
    ...entry('superseded', [
      superseded.length === 0
        ? 'none'
        : `${superseded.length} by newer events of the same key: ${idsText(superseded)}`,
    ]),
    '',
    `Nothing was sent. Without --dry-run they go to these groups alone, ${ratePerSecond} a second.`,
    ...(undecodable.length > 0
      ? ['What does not decode would fail again: mend its reader first, or discard it.']
      : []),
  ]
  return `${lines.join('\n')}\n`
}

/** What became of a replay, and what to do next. */
export function jobText({ replay_id, resolved, failed, skipped, pending, sent }: ReplayJob): string {
  const lines = [
    `${styleText(failed === 0 ? 'green' : 'yellow', `${resolved} resolved`)}, ${failed} failed again, ${skipped} skipped`,
    ...(pending + sent > 0 ? [`${pending + sent} without an outcome yet; is their worker running?`] : []),
    ...(failed > 0
      ? [`thereview dlq groups says why. A letter that fails ${maxReplays} replays is quarantined.`]
      : []),
    styleText('dim', `replay ${replay_id}`),
  ]
  return `${lines.join('\n')}\n`
}

function entry(name: string, values: readonly string[]): string[] {
  return values.map((value, nth) => `${(nth === 0 ? name : '').padEnd(12)}${value}`)
}

/** One line a reason, the most frequent first. */
function failures(undecodable: DryRun['undecodable']): string[] {
  const byReason = [...Map.groupBy(undecodable, ({ reason }) => reason)]
  return byReason
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([reason, letters]) =>
        `${letters.length} do not: ${plainLine(reason)} (${idsText(letters.map(({ letter_id }) => letter_id))})`,
    )
}

function idsText(ids: readonly number[]): string {
  return `letters ${ids.slice(0, shownLetters).join(' ')}${ids.length > shownLetters ? ' …' : ''}`
}
