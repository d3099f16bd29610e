import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../telemetry/logger.ts'
import { type AssignedPartition, idOf, partitionFrom, partitionId } from './assigned-partition.ts'
import type { ClusterMap } from './cluster-map.ts'
import type { GroupOffsets, Member } from './group-offsets.ts'
import type { TopicPartitions } from './membership.ts'

export interface AssignmentOptions {
  readonly cluster: ClusterMap
  readonly offsets: GroupOffsets
  readonly member: () => Member
  readonly log: Logger
  /** Ends the work on partitions that are to go: resolves when none of it is in hand and its commits are made. */
  readonly release: (going: readonly AssignedPartition[]) => Promise<void>
  /** Tells the group what is ours. */
  readonly claim: (owned: readonly TopicPartitions[]) => void
  readonly onAssigned: () => void
}

const retryMs = 200

/** The partitions that are ours, brought step by step to what the group wants us to have. */
export class Assignment {
  readonly #options: AssignmentOptions
  readonly #partitions = new Map<string, AssignedPartition>()
  #target: readonly TopicPartitions[] = []
  #reached: readonly TopicPartitions[] = this.#target
  #busy = false
  #closed = false

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  [Symbol.iterator](): Iterator<AssignedPartition> {
    return this.#partitions.values()
  }

  /** Called by the group, and again with another wish before the first is reached. */
  want(target: readonly TopicPartitions[]): void {
    this.#target = target
    void this.#reach()
  }

  /** Everything belongs to others by now: nothing to wait for, nothing to commit. */
  lose(): void {
    for (const partition of this.#partitions.values()) partition.gone = true
    this.#partitions.clear()
    this.#target = []
  }

  close(): void {
    this.#closed = true
  }

  async #reach(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#reached !== this.#target && !this.#closed) {
      const target = this.#target
      try {
        await this.#giveUp(target)
        await this.#take(target)
        this.#reached = target
      } catch (error) {
        this.#options.log.warn({ err: error }, 'partitions could not be taken over yet')
        await pause(retryMs)
      }
    }
    this.#busy = false
  }

  async #giveUp(target: readonly TopicPartitions[]): Promise<void> {
    const wanted = new Set(idsOf(target))
    const going = [...this.#partitions.values()].filter((partition) => !wanted.has(idOf(partition)))
    if (going.length === 0) return
    await this.#options.release(going)
    for (const partition of going) {
      partition.gone = true
      if (this.#partitions.get(idOf(partition)) === partition) this.#partitions.delete(idOf(partition))
    }
    this.#options.log.info({ partitions: going.map(place) }, 'partitions given up')
    this.#claim()
  }

  async #take(target: readonly TopicPartitions[]): Promise<void> {
    const missing = target.flatMap(({ topicId, partitions }) =>
      partitions
        .filter((partition) => !this.#partitions.has(partitionId(topicId, partition)))
        .map((partition) => ({ topicId, partition })),
    )
    if (missing.length === 0) return
    await this.#options.cluster.refresh()
    const taken = await Promise.all(missing.map((one) => this.#begin(one)))
    if (this.#target !== target) return
    for (const partition of taken) this.#partitions.set(idOf(partition), partition)
    this.#options.log.info({ partitions: taken.map(place) }, 'partitions taken over')
    this.#claim()
    this.#options.onAssigned()
  }

  async #begin({ topicId, partition }: { topicId: string; partition: number }): Promise<AssignedPartition> {
    const { cluster, offsets, member, log } = this.#options
    const topic = cluster.nameOf(topicId)
    if (!topic) throw new Error(`no topic has the id ${topicId} yet`)
    const start = await offsets.startOf({ topic, topicId, partition }, member())
    if (start.ofDeletedTopic !== undefined) {
      log.error(
        { topic, partition, committed: start.ofDeletedTopic },
        'the topic was deleted and made anew: its records are read from the first',
      )
    }
    return partitionFrom({ topic, topicId, partition }, start.offset, start.committed ? start.offset : null)
  }

  #claim(): void {
    const byTopic = Map.groupBy(this.#partitions.values(), ({ topicId }) => topicId)
    this.#options.claim(
      [...byTopic].map(([topicId, own]) => ({ topicId, partitions: own.map(({ partition }) => partition) })),
    )
  }
}

function idsOf(target: readonly TopicPartitions[]): string[] {
  return target.flatMap(({ topicId, partitions }) =>
    partitions.map((partition) => partitionId(topicId, partition)),
  )
}

const place = ({ topic, partition }: AssignedPartition) => `${topic}:${partition}`
