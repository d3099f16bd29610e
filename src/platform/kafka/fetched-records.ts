import type { RecordsBatch } from '@platformatic/kafka'
import { type IncomingRecord, sizeOf } from './records.ts'

const logAppendTime = 1 << 3
const control = 1 << 5

export interface FetchedRecords {
  readonly records: IncomingRecord[]
  /** The offset to fetch from next. */
  readonly next: bigint
  readonly bytes: number
}

/**
 * The records of fetched batches from `position` on. A batch is fetched whole, so its first records may lie before;
 * a batch of a transaction's markers, which other producers may write, has none for us but moves the position.
 */
export function recordsOf(
  batches: readonly RecordsBatch[],
  { partition, position }: { readonly partition: number; readonly position: bigint },
  topic: string,
): FetchedRecords {
  const records: IncomingRecord[] = []
  let next = position
  let bytes = 0
  for (const batch of batches) {
    next = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n
    if (batch.attributes & control) continue
    for (const record of batch.records) {
      const offset = batch.firstOffset + BigInt(record.offsetDelta)
      if (offset < position) continue
      const timestamp =
        batch.attributes & logAppendTime ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta
      const headers = record.headers.map(([name, value]) => [name ?? Buffer.alloc(0), value] as const)
      const { key, value } = record
      records.push({ topic, partition, offset, timestamp, key, value, headers })
      bytes += sizeOf({ key, value, headers })
    }
  }
  return { records, next: next > position ? next : position, bytes }
}
