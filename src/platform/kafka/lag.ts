import type { Admin } from './admin.ts'

export interface PartitionLag {
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** Null where the group has committed nothing on this partition. */
  readonly committed: bigint | null
  readonly end: bigint
  /** Records that are not dealt with; null where that is not known. */
  readonly lag: bigint | null
}

/** How far a group is behind, on every partition of the topics that it has read. */
export async function groupLag(admin: Admin, group: string): Promise<readonly PartitionLag[]> {
  const committed = await admin.committed(group)
  const topics = await Promise.all(
    [...committed].map(async ([topic, offsets]) => ({
      topic,
      offsets,
      ends: await admin.offsets(topic, 'latest'),
    })),
  )
  return topics.flatMap(({ topic, offsets, ends }) =>
    [...ends].map(([partition, last]) => {
      const end = last ?? 0n
      const at = offsets.get(partition) ?? null
      return {
        group,
        topic,
        partition,
        committed: at,
        end,
        lag: at === null ? null : end > at ? end - at : 0n,
      }
    }),
  )
}
