/** Name and value of a record header, in the order and as often as they came. */
export type Header = readonly [name: Buffer, value: Buffer | null]

/** A record as it lies on its topic, its bytes untouched. */
export interface IncomingRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Milliseconds since 1970. */
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly Header[]
}

export interface OutgoingRecord {
  readonly topic: string
  /** Without one the key decides, as with the Java client; a record without a key goes to partition 0. */
  readonly partition?: number
  readonly key: Buffer | string | null
  readonly value: Buffer | string | null
  /** As pairs where order, repeats or bytes matter. */
  readonly headers: Readonly<Record<string, string>> | readonly OutgoingHeader[]
}

export type OutgoingHeader = readonly [name: Buffer | string, value: Buffer | string | null]

export function headerPairs(headers: OutgoingRecord['headers']): readonly OutgoingHeader[] {
  return isPairs(headers) ? headers : Object.entries(headers)
}

function isPairs(headers: OutgoingRecord['headers']): headers is readonly OutgoingHeader[] {
  return Array.isArray(headers)
}

/** The text of the last header of this name, as the Java client reads it; null where there is none. */
export function headerText(headers: readonly Header[], name: string): string | null {
  return headers.findLast(([key]) => key.toString('utf8') === name)?.[1]?.toString('utf8') ?? null
}

/** The whole number that a header names, of at most so many digits; null for none. */
export function headerInteger(headers: readonly Header[], name: string, digits = 18): bigint | null {
  const text = headerText(headers, name)
  return text !== null && /^\d+$/.test(text) && text.length <= digits ? BigInt(text) : null
}

const lastMs = Date.UTC(9999, 11, 31)

/** The record's timestamp, for places that hold dates: a producer may write any number. */
export function timeOf({ timestamp }: Pick<IncomingRecord, 'timestamp'>): Date {
  return new Date(Math.min(lastMs, Math.max(0, Number(timestamp))))
}

/** The time that a header names; null for none, and for one that not every place can hold. */
export function headerTime(headers: readonly Header[], name: string): Date | null {
  const milliseconds = Date.parse(headerText(headers, name) ?? '')
  return milliseconds >= 0 && milliseconds <= lastMs ? new Date(milliseconds) : null
}

/** Bytes that a record takes in a batch, at most; without compression. */
export function sizeOf({ key, value, headers }: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>): number {
  const frame = 32
  return headerPairs(headers).reduce(
    (sum, [name, text]) => sum + lengthOf(name) + lengthOf(text) + 8,
    frame + lengthOf(key) + lengthOf(value),
  )
}

function lengthOf(bytes: Buffer | string | null): number {
  if (bytes === null) return 0
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
}
