import { offsetCommitV9, offsetFetchV9 } from '@platformatic/kafka'
import type { AssignedPartition } from './assigned-partition.ts'
import type { Coordinator } from './coordinator.ts'
import { offsetOf, type PartitionOffsets } from './partition-offsets.ts'

export interface Member {
  readonly memberId: string
  readonly epoch: number
}

const { api: commitOffsets } = offsetCommitV9
const { api: fetchOffsets } = offsetFetchV9

type Place = Pick<AssignedPartition, 'topic' | 'topicId' | 'partition'>

export interface Start {
  readonly offset: bigint
  /** False where nothing was committed, and the offset is that of the partition's first record. */
  readonly committed: boolean
  /** What was committed on a topic of this name that was deleted since, and says nothing about this one. */
  readonly ofDeletedTopic?: bigint
}

export interface GroupOffsetsOptions extends PartitionOffsets {
  readonly coordinator: Coordinator
  readonly group: string
}

/** Where a group has got to, kept by its coordinator. Only a member that the group still counts can write. */
export class GroupOffsets {
  readonly #options: GroupOffsetsOptions

  constructor(options: GroupOffsetsOptions) {
    this.#options = options
  }

  async startOf({ topic, topicId, partition }: Place, { memberId, epoch }: Member): Promise<Start> {
    const { coordinator, group } = this.#options
    const topics = [{ name: topic, partitionIndexes: [partition] }]
    const response = await coordinator.ask((connection) =>
      fetchOffsets.async(connection, [{ groupId: group, memberId, memberEpoch: epoch, topics }], true),
    )
    const stored = response.groups[0]?.topics[0]?.partitions[0]
    const first = () => this.firstOf({ topic, partition })
    if (!stored || stored.committedOffset < 0n) return { offset: await first(), committed: false }
    const { committedOffset, metadata } = stored
    if (!metadata || metadata === topicId) return { offset: committedOffset, committed: true }
    return { offset: await first(), committed: false, ofDeletedTopic: committedOffset }
  }

  firstOf({ topic, partition }: Omit<Place, 'topicId'>): Promise<bigint> {
    return offsetOf(this.#options, { topic, partition }, 'earliest')
  }

  /** Every commit carries the id of its topic, to be known again should the topic be deleted and made anew. */
  async commit(partitions: readonly AssignedPartition[], { memberId, epoch }: Member): Promise<void> {
    const { coordinator, group } = this.#options
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, own]) => ({
      name,
      partitions: own.map(({ topicId, partition, done }) => ({
        partitionIndex: partition,
        committedOffset: done,
        committedLeaderEpoch: -1,
        committedMetadata: topicId,
      })),
    }))
    await coordinator.ask((connection) =>
      commitOffsets.async(connection, group, epoch, memberId, null, topics),
    )
  }
}
