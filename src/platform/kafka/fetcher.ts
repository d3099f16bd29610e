import type { ConnectionPool, fetchV17 } from '@platformatic/kafka'
import type { Logger } from '../telemetry/logger.ts'
import { type AssignedPartition, idOf, isOurs, markDone, partitionId } from './assigned-partition.ts'
import type { ClusterMap, Node } from './cluster-map.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import { fetchFrom } from './fetch-request.ts'
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

/** What one broker is asked for. */
interface Wanted {
  readonly leader: Node
  readonly partitions: AssignedPartition[]
  /** Whether these are all of ours that it leads. */
  areAll: boolean
}

/**
 * A fetch waits at the broker for so long if there is nothing; a record that comes ends the wait at once. One that
 * leaves partitions out, for want of room or after an error, is back soon to ask for them too.
 */
const maxWaitMs = 1_000
const maxWaitOfSomeMs = 100
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
  /** By broker: that others answer ends nothing. */
  readonly #troubles = new Map<number, Trouble>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#connections = connectTo(options.address)
  }

  /** To be called whenever a partition came, or got room. */
  pump(): void {
    if (this.#closed) return
    const byLeader = new Map<number, Wanted>()
    let leaderless = false
    for (const partition of this.#options.partitions()) {
      if (!isOurs(partition)) continue
      const leader = this.#options.cluster.leaderOf(partition.topic, partition.partition)
      if (!leader) {
        leaderless = true
        continue
      }
      const wanted = byLeader.get(leader.id) ?? { leader, partitions: [], areAll: true }
      byLeader.set(leader.id, wanted)
      const isPaused = partition.pausedUntil > performance.now()
      if (isPaused) this.#pumpLater()
      if (isPaused || !hasRoom(partition)) wanted.areAll = false
      else wanted.partitions.push(partition)
    }
    if (leaderless) void this.#options.cluster.refresh().then(() => this.#pumpLater())
    for (const wanted of byLeader.values()) {
      if (wanted.partitions.length > 0 && !this.#underWay.has(wanted.leader.id)) void this.#fetch(wanted)
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

  async #fetch({ leader, partitions, areAll }: Wanted): Promise<void> {
    this.#underWay.add(leader.id)
    const asked = new Map(
      partitions.map((partition) => [idOf(partition), { partition, from: partition.position }]),
    )
    try {
      const connection = await this.#connections.get(leader)
      const answer = await fetchFrom(connection, partitions, areAll ? maxWaitMs : maxWaitOfSomeMs)
      this.#troubleWith(leader).over()
      for (const topic of answer.responses) {
        for (const fetched of topic.partitions) {
          const one = asked.get(partitionId(topic.topicId, fetched.partitionIndex))
          if (one && isOurs(one.partition) && one.partition.position === one.from)
            this.#take(one.partition, fetched)
        }
      }
    } catch (error) {
      if (this.#closed) return
      this.#troubleWith(leader).met(error)
      for (const partition of partitions) pause(partition)
      await this.#options.cluster.refresh()
    } finally {
      this.#underWay.delete(leader.id)
    }
    this.pump()
  }

  #troubleWith({ id }: Node): Trouble {
    const trouble =
      this.#troubles.get(id) ?? new Trouble(this.#options.log, `the fetch of records from broker ${id}`)
    this.#troubles.set(id, trouble)
    return trouble
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

export function hasRoom(partition: AssignedPartition): boolean {
  return (
    isOurs(partition) && partition.queuedBytes < maxQueuedBytes && partition.queue.length < maxQueuedRecords
  )
}

function pause(partition: AssignedPartition): void {
  partition.pausedUntil = performance.now() + pauseMs
}
