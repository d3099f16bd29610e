import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import type { IncomingRecord } from '../../platform/kafka/records.ts'
import { isEmpty, type MessageFilter, matcher } from './filter.ts'

export interface ScanRequest {
  readonly topic: string
  readonly from: 'newest' | 'oldest' | 'offset' | 'time'
  /** All of them where it is absent. */
  readonly partition?: number
  readonly offset?: number
  /** RFC 3339. */
  readonly at?: string
  readonly limit: number
  readonly filter: MessageFilter
}

export type ScanStep =
  | { readonly kind: 'match'; readonly record: IncomingRecord }
  | { readonly kind: 'progress'; readonly scanned: number }
  | { readonly kind: 'end'; readonly scanned: number; readonly reason: 'limit' | 'end' | 'bound' }

/** However little matches: nobody waits longer, and no broker reads more for one question. */
const bounds = { records: 100_000, ms: 20_000 }
const block = 500

/** A stretch of one partition that is still to be read. */
interface Stretch {
  readonly partition: number
  next: number
  readonly first: number
  readonly end: number
}

/**
 * Reads a topic until enough matches, it is at its end, or its bounds are reached. From `newest` it goes back block by
 * block. @throws {AppError} `not_found`, `unavailable`
 */
export async function* scan(
  { admin, reader }: { readonly admin: Admin; readonly reader: RecordReader },
  request: ScanRequest,
  signal: AbortSignal,
): AsyncGenerator<ScanStep> {
  const { topic, from, limit, filter } = request
  const matches = matcher(filter)
  const backwards = from === 'newest'
  const stretches = await stretchesOf(admin, request)
  const size = backwards && isEmpty(filter) ? Math.min(limit, block) : block
  const deadline = performance.now() + bounds.ms
  let [scanned, matched] = [0, 0]

  while (!signal.aborted) {
    const open = stretches.filter((one) => (backwards ? one.next > one.first : one.next < one.end))
    if (open.length === 0) return yield { kind: 'end', scanned, reason: 'end' }
    const found: IncomingRecord[] = []
    for (const stretch of open) {
      const records = await readBlock(reader, topic, stretch, backwards, size)
      scanned += records.length
      found.push(...records.filter(matches))
      if (signal.aborted) return
    }
    const order = backwards ? -1 : 1
    for (const record of found.sort((a, b) => order * Number(a.timestamp - b.timestamp))) {
      yield { kind: 'match', record }
      matched += 1
      if (matched >= limit) return yield { kind: 'end', scanned, reason: 'limit' }
    }
    yield { kind: 'progress', scanned }
    if (scanned >= bounds.records || performance.now() > deadline) {
      return yield { kind: 'end', scanned, reason: 'bound' }
    }
  }
}

async function stretchesOf(
  admin: Admin,
  { topic, from, partition, offset, at }: ScanRequest,
): Promise<Stretch[]> {
  const [first, end, times] = await Promise.all([
    admin.offsets(topic, 'earliest'),
    admin.offsets(topic, 'latest'),
    from === 'time' && at ? admin.offsets(topic, Date.parse(at)) : null,
  ])
  if (end.size === 0) throw new AppError('not_found', 'fatal', `the cluster has no topic "${topic}"`)
  return [...end.keys()]
    .filter((one) => partition === undefined || one === partition)
    .sort((a, b) => a - b)
    .map((one) => {
      const own = { partition: one, first: Number(first.get(one) ?? 0n), end: Number(end.get(one) ?? 0n) }
      const start = {
        newest: own.end,
        oldest: own.first,
        offset: Math.max(own.first, offset ?? own.first),
        time: times ? Number(times.get(one) ?? own.end) : own.first,
      }
      return { ...own, next: start[from] }
    })
}

/** The next block of a stretch, which moves on; all of it, however many fetches that takes. */
async function readBlock(
  reader: RecordReader,
  topic: string,
  stretch: Stretch,
  backwards: boolean,
  size: number,
): Promise<IncomingRecord[]> {
  const from = backwards ? Math.max(stretch.first, stretch.next - size) : stretch.next
  const to = backwards ? stretch.next : Math.min(stretch.end, stretch.next + size)
  const records: IncomingRecord[] = []
  for (let at = from; at < to; ) {
    const fetched = await reader.read(topic, stretch.partition, BigInt(at))
    const last = fetched.at(-1)
    // Offsets may have holes at the end of what is there.
    if (!last) break
    records.push(...fetched.filter(({ offset }) => offset < to))
    at = Number(last.offset) + 1
  }
  stretch.next = backwards ? from : to
  return records
}
