import type { GroupSnapshot, KafkaSnapshot } from './kafka-snapshot.ts'

export interface PartitionLag {
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** The offset that the group goes on from; -1 where it has committed none. */
  readonly committed: bigint
  readonly end: bigint
  /** Records not yet dealt with; -1 where nothing is committed. */
  readonly lag: bigint
}

/** Every partition of every topic that a group has a commit on, as kafka_exporter counts it. */
export function lagOf({ group, committed }: GroupSnapshot, { topics }: KafkaSnapshot): PartitionLag[] {
  return [...committed].flatMap(([topic, offsets]) => {
    if (offsets.size === 0) return []
    const current = topics.find(({ name }) => name === topic)?.current ?? new Map<number, bigint>()
    return [...current].map(([partition, last]) => {
      const at = offsets.get(partition) ?? -1n
      const end = last ?? 0n
      return { group, topic, partition, committed: at, end, lag: at < 0n ? -1n : end > at ? end - at : 0n }
    })
  })
}
