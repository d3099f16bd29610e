import type { ConnectionPool } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import { type AssignedPartition, partitionFrom } from './assigned-partition.ts'
import { Bootstrap } from './bootstrap.ts'
import { fromClient } from './client-error.ts'
import { ClusterMap } from './cluster-map.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import { Fetcher } from './fetcher.ts'
import type { Names } from './names.ts'
import { offsetOf } from './partition-offsets.ts'
import type { IncomingRecord } from './records.ts'

export interface TopicReaderOptions {
  readonly topics: readonly string[]
  readonly from: 'earliest' | 'latest'
}

/**
 * Reads topics without a consumer group: it commits nothing, leaves nothing on the cluster, and takes no
 * partition from anybody. For those who look on.
 */
export class TopicReader {
  readonly #options: TopicReaderOptions
  readonly #names: Names
  readonly #connections: ConnectionPool
  readonly #bootstrap: Bootstrap
  readonly #cluster: ClusterMap
  readonly #fetcher: Fetcher
  #partitions: AssignedPartition[] = []
  #wake: () => void = () => undefined
  #stopped = false

  constructor(address: KafkaAddress, names: Names, log: Logger, options: TopicReaderOptions) {
    this.#options = options
    this.#names = names
    this.#connections = connectTo(address)
    this.#bootstrap = new Bootstrap(this.#connections, address.brokers)
    this.#cluster = new ClusterMap(this.#bootstrap, options.topics.map(names.theirs))
    this.#fetcher = new Fetcher({
      address,
      cluster: this.#cluster,
      partitions: () => this.#partitions,
      onFetched: () => this.#wake(),
      // Only what retention has removed meanwhile: go on with what is there.
      onOutOfRange: (partition) => void this.#startAgain(partition),
      ourName: (topic) => names.ours(topic) ?? topic,
      log,
    })
  }

  /** @throws {AppError} `not_found` naming a topic that the cluster does not have, or `unavailable` */
  async start(): Promise<void> {
    try {
      // A question that fails tells more than a look-up that never does.
      await this.#bootstrap.ask(async () => undefined)
      await this.#cluster.refresh()
      this.#partitions = (await Promise.all(this.#options.topics.map((topic) => this.#begin(topic)))).flat()
    } catch (error) {
      throw fromClient(error)
    }
    this.#fetcher.pump()
  }

  /** What has come since the last call, as soon as there is something, in order for each partition; null once stopped. */
  async next(): Promise<readonly IncomingRecord[] | null> {
    while (!this.#stopped) {
      const records = this.#partitions.flatMap((partition) => {
        partition.queuedBytes = 0
        return partition.queue.splice(0)
      })
      if (records.length > 0) {
        this.#fetcher.pump()
        return records
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return null
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#wake()
    await Promise.all([this.#fetcher.close(), this.#connections.close()])
  }

  async #begin(ours: string): Promise<AssignedPartition[]> {
    const topic = this.#names.theirs(ours)
    const topicId = this.#cluster.idOf(topic)
    if (topicId === undefined) throw noTopic(ours)
    const partitions = Array.from(
      { length: this.#cluster.partitionsOf(topic) ?? 0 },
      (_, partition) => partition,
    )
    return Promise.all(
      partitions.map(async (partition) => {
        const place = { topic, topicId, partition }
        return partitionFrom(place, await this.#offsetOf(place, this.#options.from), null)
      }),
    )
  }

  #offsetOf(place: { topic: string; partition: number }, which: 'earliest' | 'latest'): Promise<bigint> {
    return offsetOf({ connections: this.#connections, cluster: this.#cluster }, place, which)
  }

  async #startAgain(partition: AssignedPartition): Promise<void> {
    partition.position = await this.#offsetOf(partition, 'earliest').catch(() => partition.position)
    this.#fetcher.pump()
  }
}

function noTopic(name: string): AppError {
  return new AppError(
    'not_found',
    'fatal',
    `The cluster has no topic "${name}". Create it: thereview topics apply`,
  )
}
