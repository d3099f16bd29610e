import type { AssignedPartition } from './assigned-partition.ts'
import { type IncomingRecord, sizeOf } from './records.ts'

/** Records of one or several partitions, in order for each. */
export interface Batch {
  readonly records: readonly IncomingRecord[]
  /** Aborted when one of its partitions is to go to another member, or the consumer stops. */
  readonly signal: AbortSignal
}

/** At most so much at once; a single record may be larger. */
export interface BatchLimits {
  readonly records: number
  readonly bytes: number
}

/** A batch while it is handled, and the partitions that it was taken from. */
export class BatchInHand {
  readonly batch: Batch
  readonly taken: ReadonlyMap<AssignedPartition, readonly IncomingRecord[]>
  readonly settled: Promise<void>
  readonly settle: () => void
  readonly #controller = new AbortController()

  /** Takes a share of each partition's queue, the first named first. */
  static from(ready: readonly AssignedPartition[], limits: BatchLimits): BatchInHand {
    const share = Math.ceil(limits.records / ready.length)
    const taken = new Map<AssignedPartition, IncomingRecord[]>()
    let bytes = 0
    for (const partition of ready) {
      if (bytes >= limits.bytes) break
      const records = partition.queue.splice(0, share)
      const size = bytesOf(records)
      partition.queuedBytes -= size
      partition.inHand = records.length
      bytes += size
      taken.set(partition, records)
    }
    return new BatchInHand(taken)
  }

  private constructor(taken: ReadonlyMap<AssignedPartition, readonly IncomingRecord[]>) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.taken = taken
    this.settled = promise
    this.settle = resolve
    this.batch = { records: [...taken.values()].flat(), signal: this.#controller.signal }
  }

  abort(): void {
    this.#controller.abort()
  }
}

/** Puts records back where they came from, before what follows them. */
export function putBack(partition: AssignedPartition, records: readonly IncomingRecord[]): void {
  partition.queue.unshift(...records)
  partition.queuedBytes += bytesOf(records)
}

function bytesOf(records: readonly IncomingRecord[]): number {
  return records.reduce((sum, record) => sum + sizeOf(record), 0)
}
