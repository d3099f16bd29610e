import type { ConnectionPool, fetchV17 } from '@platformatic/kafka'
import type { Logger } from '../telemetry/logger.ts'
import { type AssignedPartition, idOf, isOurs, markDone, partitionId } from './assigned-partition.ts'
import type { ClusterMap, Node } from './cluster-map.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import { type FetchResponse, fetchFrom } from './fetch-request.ts'
import { recordsOf } from './fetched-records.ts'
import { Trouble } from './trouble.ts'

export interface FetcherOptions {
  readonly address: KafkaAddress
  readonly cluster: ClusterMap
  readonly partitions: () => Iterable<AssignedPartition>
  /** Records came, or a position moved. */
  readonly onFetched: () => void
  /** The position lies before the partition's first record or after its last. */
  readonly onOutOfRange: (partition: AssignedPartition) => void
  readonly ourName: (topic: string) => string
  readonly log: Logger
}

type FetchedPartition = fetchV17.FetchResponsePartition

/** A fetch waits at the broker for so long if there is nothing; a record that comes ends the wait at once. */
const maxWaitMs = 500
/** With this much waiting to be handled, a partition is not fetched: that bounds the memory. */
const maxQueuedBytes = 1024 * 1024
const maxQueuedRecords = 2_000
const pauseMs = 100

const noError = 0
const offsetOutOfRange = 1

/**
 * Keeps one fetch under way to each broker that leads a partition of ours with room for more. On connections of
 * its own: a broker answers one connection's requests in turn, and a fetch that waits would hold up heartbeats.
 */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #connections: ConnectionPool
  readonly #underWay = new Set<number>()
  readonly #trouble: Trouble
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#trouble = new Trouble(options.log, 'the fetch of records')
    this.#connections = connectTo(options.address)
  }

  /** To be called whenever a partition came, or got room. */
  pump(): void {
    if (this.#closed) return
    const byLeader = new Map<number, { leader: Node; partitions: AssignedPartition[] }>()
    let leaderless = false
    for (const partition of this.#options.partitions()) {
      if (!hasRoom(partition)) continue
      if (partition.pausedUntil > performance.now()) {
        this.#pumpLater()
        continue
      }
      const leader = this.#options.cluster.leaderOf(partition.topic, partition.partition)
      if (!leader) leaderless = true
      else if (byLeader.has(leader.id)) byLeader.get(leader.id)?.partitions.push(partition)
      else byLeader.set(leader.id, { leader, partitions: [partition] })
    }
    if (leaderless) void this.#options.cluster.refresh().then(() => this.#pumpLater())
    for (const { leader, partitions } of byLeader.values()) {
      if (!this.#underWay.has(leader.id)) void this.#fetch(leader, partitions)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#connections.close()
  }

  #pumpLater(): void {
    if (this.#closed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.pump()
    }, pauseMs)
  }

  async #fetch(leader: Node, partitions: readonly AssignedPartition[]): Promise<void> {
    this.#underWay.add(leader.id)
    const asked = new Map(
      partitions.map((partition) => [idOf(partition), { partition, from: partition.position }]),
    )
    try {
      for (const topic of (await this.#ask(leader, partitions)).responses) {
        for (const fetched of topic.partitions) {
          const one = asked.get(partitionId(topic.topicId, fetched.partitionIndex))
          if (one && isOurs(one.partition) && one.partition.position === one.from)
            this.#take(one.partition, fetched)
        }
      }
    } catch (error) {
      if (this.#closed) return
      this.#trouble.met(error)
      for (const partition of partitions) pause(partition)
      await this.#options.cluster.refresh()
    } finally {
      this.#underWay.delete(leader.id)
    }
    this.pump()
  }

  async #ask(leader: Node, partitions: readonly AssignedPartition[]): Promise<FetchResponse> {
    const connection = await this.#connections.get(leader)
    return fetchFrom(connection, partitions, maxWaitMs)
  }

  #take(partition: AssignedPartition, fetched: FetchedPartition): void {
    if (fetched.errorCode === offsetOutOfRange) {
      pause(partition)
      this.#options.onOutOfRange(partition)
      return
    }
    if (fetched.errorCode !== noError) {
      // Its leader has changed, or is about to.
      pause(partition)
      void this.#options.cluster.refresh()
      return
    }
    partition.lastFetch = performance.now()
    this.#trouble.over()
    partition.end = fetched.highWatermark
    const { records, next, bytes } = recordsOf(
      fetched.records ?? [],
      partition,
      this.#options.ourName(partition.topic),
    )
    if (next === partition.position) return
    partition.position = next
    partition.queue.push(...records)
    partition.queuedBytes += bytes
    if (records.length === 0) markDone(partition)
    this.#options.onFetched()
  }
}

function hasRoom(partition: AssignedPartition): boolean {
  return (
    !partition.gone && partition.queuedBytes < maxQueuedBytes && partition.queue.length < maxQueuedRecords
  )
}

function pause(partition: AssignedPartition): void {
  partition.pausedUntil = performance.now() + pauseMs
}
