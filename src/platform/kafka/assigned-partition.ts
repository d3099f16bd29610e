import type { IncomingRecord } from './records.ts'

/** A partition while it is ours: what was fetched of it, what was handed out, and what is dealt with. */
export interface AssignedPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  /** The next offset to fetch. */
  position: bigint
  /** Fetched and not yet handed out. */
  queue: IncomingRecord[]
  queuedBytes: number
  /** How many of its records are handed out and not dealt with. */
  inHand: number
  /** All before this offset is dealt with. */
  done: bigint
  /** The offset last committed; null if there is none. */
  committed: bigint | null
  /** The offset after the partition's last record, as far as the last fetch knows; null before the first. */
  end: bigint | null
  /** Not fetched before this moment, after an error. */
  pausedUntil: number
  lastFetch: number
  /** To be given up as soon as what is in hand is dealt with: nothing more of it is fetched or handed out. */
  leaving: boolean
  /** Given up or lost: what still comes of it is not ours any more. */
  gone: boolean
}

/** A partition of which nothing is read yet. */
export function partitionFrom(
  place: Pick<AssignedPartition, 'topic' | 'topicId' | 'partition'>,
  offset: bigint,
  committed: bigint | null,
): AssignedPartition {
  return {
    ...place,
    position: offset,
    queue: [],
    queuedBytes: 0,
    inHand: 0,
    done: offset,
    committed,
    end: null,
    pausedUntil: 0,
    lastFetch: performance.now(),
    leaving: false,
    gone: false,
  }
}

export const partitionId = (topicId: string, partition: number) => `${topicId}:${partition}`

export function idOf({ topicId, partition }: AssignedPartition): string {
  return partitionId(topicId, partition)
}

export function isOurs({ leaving, gone }: AssignedPartition): boolean {
  return !leaving && !gone
}

/**
 * Nothing fetched is left to deal with: all before the position is done, also what was no record for us, as the
 * markers of other producers' transactions.
 */
export function markDone(partition: AssignedPartition): void {
  const { inHand, queue, position } = partition
  if (inHand === 0 && queue.length === 0) partition.done = position
}

export function lagOf({ end, done }: AssignedPartition): bigint {
  return end !== null && end > done ? end - done : 0n
}
