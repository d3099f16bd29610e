import type { IncomingRecord } from '../../platform/kafka/records.ts'

/** What a record must have; what is absent lets all through. */
export interface MessageFilter {
  readonly key?: string
  /** In the value's text. */
  readonly value?: string
  /** `name` or `name=text`. */
  readonly header?: string
  /** An event type, or the beginning of one. */
  readonly type?: string
}

/** Compares text without regard to capitals, anywhere in it. */
export function matcher(filter: MessageFilter): (record: IncomingRecord) => boolean {
  const checks: ((record: IncomingRecord) => boolean)[] = []
  const { key, value, header, type } = filter
  if (key) checks.push((record) => contains(record.key, key))
  if (value) checks.push((record) => contains(record.value, value))
  if (type) checks.push((record) => typeOf(record)?.startsWith(type) ?? false)
  if (header) {
    const [name = '', ...rest] = header.split('=')
    const text = rest.join('=')
    checks.push(({ headers }) =>
      headers.some(([own, held]) => own.toString('utf8') === name && (text === '' || contains(held, text))),
    )
  }
  return (record) => checks.every((check) => check(record))
}

export function isEmpty({ key, value, header, type }: MessageFilter): boolean {
  return !key && !value && !header && !type
}

function contains(bytes: Buffer | null, text: string): boolean {
  return bytes?.toString('utf8').toLowerCase().includes(text.toLowerCase()) ?? false
}

function typeOf({ headers, value }: IncomingRecord): string | null {
  const header = headers.find(([name]) => name.toString('utf8') === 'event_type')?.[1]
  if (header) return header.toString('utf8')
  return /"event_type"\s*:\s*"([^"]*)"/.exec(value?.toString('utf8') ?? '')?.[1] ?? null
}
