import { styleText } from 'node:util'
import { groupLetters, type Letter, listLetters } from '../ops/dead-letters/letters.ts'
import { appendAudit } from '../platform/audit/audit.ts'
import { AppError } from '../platform/errors.ts'
import type { IncomingRecord } from '../platform/kafka/records.ts'
import { recordTooLarge } from '../platform/messaging/settle.ts'
import { actor } from './actor.ts'
import type { LetterOptions } from './dlq.ts'
import { filterOf } from './dlq-filter.ts'
import { plainLine, plainText } from './plain-text.ts'
import { table } from './table.ts'
import { withDeadLetters } from './with-dead-letters.ts'

export async function listDeadLetters(options: LetterOptions & { limit: number }): Promise<void> {
  const filter = { ...(options.id ? {} : { state: 'open' as const }), ...filterOf(options) }
  const letters = await withDeadLetters(({ pool }) => listLetters(pool, filter, options.limit))
  if (options.json) return print({ letters })
  if (letters.length === 0) return say('No such dead letters.')
  const columns = ['ID', 'STATE', 'GROUP', 'CODE', 'EVENT', 'KEY', 'FAILED', 'REPLAYS', 'ERROR']
  const rows = letters.map((letter) => [
    String(letter.letter_id),
    letter.state,
    letter.consumer_group,
    letter.error_code,
    letter.event_type ?? '-',
    short(letter.record_key ?? '-', 36),
    when(letter.failed_at),
    String(letter.replays),
    short(letter.error_message, 60),
  ])
  process.stdout.write(
    table(
      columns.map((title) => ({ title })),
      rows,
    ),
  )
  if (letters.length === options.limit) say(`\nThese are the first ${options.limit}: see more with --limit.`)
}

export async function showGroups(options: LetterOptions): Promise<void> {
  const groups = await withDeadLetters(({ pool }) => groupLetters(pool, filterOf(options)))
  if (options.json) return print({ groups })
  if (groups.length === 0) return say('No dead letters.')
  const columns = ['COUNT', 'STATE', 'GROUP', 'CODE', 'FIRST', 'LAST', 'SUCH AS', 'ERROR']
  const rows = groups.map((group) => [
    String(group.count),
    group.state,
    group.consumer_group,
    group.error_code,
    when(group.first_seen),
    when(group.last_seen),
    group.samples.join(' '),
    short(group.error_pattern, 60),
  ])
  process.stdout.write(
    table(
      columns.map((title) => ({ title })),
      rows,
    ),
  )
}

export async function showLetter(id: number, asJson: boolean): Promise<void> {
  await withDeadLetters(async ({ pool, recordOf }) => {
    const [letter] = await listLetters(pool, { letterIds: [id] }, 1)
    if (!letter)
      throw new AppError('not_found', 'fatal', `There is no dead letter ${id}. See them: thereview dlq list`)
    await appendAudit(pool, { actor: actor(), action: 'personal_data.revealed', target: `dead letter ${id}` })
    const record = await recordOf(letter)
    if (asJson) return print({ letter, record: record && readable(record) })
    say(letterText(letter, record))
  })
}

/** All that is known of a letter, with the headers and the value of its record. */
export function letterText(letter: Letter, record: IncomingRecord | null): string {
  const lines: [string, string][] = [
    [
      'Letter',
      `${letter.letter_id}, ${letter.state}${letter.discard_reason ? `: ${letter.discard_reason}` : ''}`,
    ],
    ['Failed in', `${letter.consumer_group}; attempts: ${letter.attempts}, replays: ${letter.replays}`],
    ['Error', `${letter.error_code}: ${letter.error_message}`],
    ['First, last', `${letter.first_failed_at.toISOString()}, ${letter.failed_at.toISOString()}`],
    [
      'Came from',
      `${letter.original_topic} partition ${letter.original_partition} offset ${letter.original_offset}`,
    ],
    ['Key', letter.record_key ?? '(none)'],
    ['Event', letter.event_type ? `${letter.event_type} ${letter.event_id ?? ''}` : '(unknown)'],
    ...(record?.headers ?? []).map(([name, value], nth): [string, string] => [
      nth === 0 ? 'Headers' : '',
      `${name.toString('utf8')}: ${value?.toString('utf8') ?? '(none)'}`,
    ]),
  ]
  const told = lines.map(([name, value]) => `${styleText('dim', name.padEnd(12))} ${plainLine(value)}`)
  return [
    ...told,
    ...asideText(letter),
    record ? valueText(record) : 'Its record is not there any more.',
  ].join('\n')
}

function asideText({ error_code, original_topic }: Letter): string[] {
  if (error_code !== recordTooLarge) return []
  return [
    `The letter has no value, which was too large for it. What lies on ${plainLine(original_topic)}, until its retention ends:`,
  ]
}

/** Pretty where it is JSON, as it is where it is text, and in hex where it is neither. */
function valueText({ value }: IncomingRecord): string {
  if (!value || value.length === 0) return styleText('dim', '(an empty value)')
  const text = value.toString('utf8')
  try {
    return plainText(JSON.stringify(JSON.parse(text), null, 2))
  } catch {
    return text.includes('\ufffd') ? value.subarray(0, 512).toString('hex') : plainText(text.slice(0, 10_000))
  }
}

function readable({ topic, partition, offset, key, value, headers }: IncomingRecord) {
  return {
    topic,
    partition,
    offset: String(offset),
    key: key?.toString('utf8') ?? null,
    value: value?.toString('utf8') ?? null,
    value_base64: value?.toString('base64') ?? null,
    headers: headers.map(([name, text]) => [name.toString('utf8'), text?.toString('utf8') ?? null]),
  }
}

function when(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

function short(text: string, length: number): string {
  const plain = plainLine(text)
  return plain.length > length ? `${plain.slice(0, length - 1)}…` : plain
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
