import { groups } from '../contracts/consumer-groups.ts'
import type { Admin } from '../platform/kafka/admin.ts'
import { groupLag, type PartitionLag } from '../platform/kafka/lag.ts'

export interface GroupLag {
  readonly group: string
  /** As Kafka calls it: Stable, Empty, Reconciling, Dead, … */
  readonly state: string
  readonly members: number
  /** Records that are not dealt with, on the partitions where that is known. */
  readonly lag: number
  readonly partitions: readonly {
    readonly topic: string
    readonly partition: number
    /** Null where the group has committed nothing yet. */
    readonly committed: number | null
    readonly end: number
    readonly lag: number | null
    /** The client id of the member that reads it; null while nobody does. */
    readonly reader: string | null
  }[]
}

/** How far behind the groups are: those that TheReview declares, and any other that the cluster knows. */
export async function lagOfGroups(admin: Admin, only: readonly string[] = []): Promise<GroupLag[]> {
  const known = new Set<string>([...Object.values(groups), ...(await admin.groups())])
  const wanted = only.length > 0 ? only : [...known].sort()
  return Promise.all(wanted.map((group) => lagOfGroup(admin, group)))
}

async function lagOfGroup(admin: Admin, group: string): Promise<GroupLag> {
  const [{ state, members }, partitions] = await Promise.all([
    admin.describeGroup(group),
    groupLag(admin, group),
  ])
  const readerOf = (topic: string, partition: number) =>
    members.find((member) =>
      member.partitions.some((own) => own.topic === topic && own.partitions.includes(partition)),
    )?.clientId ?? null
  return {
    group,
    state,
    members: members.length,
    lag: partitions.reduce((sum, { lag }) => sum + Number(lag ?? 0n), 0),
    partitions: partitions.toSorted(byPlace).map(({ topic, partition, committed, end, lag }) => ({
      topic,
      partition,
      committed: committed === null ? null : Number(committed),
      end: Number(end),
      lag: lag === null ? null : Number(lag),
      reader: readerOf(topic, partition),
    })),
  }
}

function byPlace(a: PartitionLag, b: PartitionLag): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
}
