import type { ConnectionPool } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { Bootstrap } from './bootstrap.ts'
import { fromClient } from './client-error.ts'
import { ClusterMap } from './cluster-map.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import { fetchFrom } from './fetch-request.ts'
import { recordsOf } from './fetched-records.ts'
import type { Names } from './names.ts'
import type { IncomingRecord } from './records.ts'

const outOfRange = 1
const tries = 3

/** Reads records by their offset, outside any group: for those who look something up. */
export class RecordReader {
  readonly #names: Names
  readonly #connections: ConnectionPool
  readonly #cluster: ClusterMap

  constructor(address: KafkaAddress, names: Names) {
    this.#names = names
    this.#connections = connectTo(address)
    this.#cluster = new ClusterMap(new Bootstrap(this.#connections, address.brokers))
  }

  /**
   * Records of one partition from an offset on, as many as one fetch brings; none at its end, and none where
   * retention has removed that offset.
   * @throws {AppError} `unavailable`, also while nobody leads the partition or there is no such topic
   */
  async read(topic: string, partition: number, from: bigint): Promise<readonly IncomingRecord[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#readOnce(topic, partition, from)
      } catch (error) {
        if (attempt === tries) throw fromClient(error)
        // Its leader may have changed.
        await this.#cluster.refresh()
      }
    }
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  async #readOnce(topic: string, partition: number, from: bigint): Promise<readonly IncomingRecord[]> {
    const theirs = this.#names.theirs(topic)
    this.#cluster.include(theirs)
    if (this.#cluster.idOf(theirs) === undefined) await this.#cluster.refresh()
    const topicId = this.#cluster.idOf(theirs)
    const leader = this.#cluster.leaderOf(theirs, partition)
    if (topicId === undefined || !leader) {
      throw new AppError('unavailable', 'retryable', `nobody leads partition ${partition} of ${topic}`)
    }
    const connection = await this.#connections.get(leader)
    const response = await fetchFrom(connection, [{ topicId, partition, position: from }], 0)
    const [fetched] = response.responses[0]?.partitions ?? []
    if (!fetched || fetched.errorCode === outOfRange) return []
    if (fetched.errorCode !== 0) {
      throw new AppError('unavailable', 'retryable', `partition ${partition} of ${topic} cannot be read now`)
    }
    return recordsOf(fetched.records ?? [], { partition, position: from }, topic).records
  }
}
