import { setTimeout as pause } from 'node:timers/promises'
import {
  type ConnectionPool,
  initProducerIdV5,
  type MessageRecord,
  NumericMap,
  produceV11,
} from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import type { Bootstrap } from './bootstrap.ts'
import { fromClient, hasKafkaCode } from './client-error.ts'
import type { ClusterMap, Node } from './cluster-map.ts'

export interface PartitionWriterOptions {
  readonly topic: string
  readonly partition: number
  readonly connections: ConnectionPool
  readonly bootstrap: Bootstrap
  readonly cluster: ClusterMap
  readonly deliveryTimeoutMs: number
}

/** What the leader knows a producer by: with it, and the number of each batch's first record, it drops repeats. */
interface ProducerSession {
  readonly id: bigint
  readonly epoch: number
  sequence: number
}

const { api: produce } = produceV11
const acksAll = -1
/** How long the leader waits for the other in-sync replicas before it says that they are late. */
const replicationMs = 5_000
const betweenTriesMs = 100
/** A leader that is silent for so long may have been replaced: the others are asked. */
const suspiciousMs = 1_000

// Trouble that a new producer session ends. The batch may lie on the partition already, and then repeats.
const sessionLost = [
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
]

/**
 * Writes to one partition, one batch at a time and each until it is acknowledged by all in-sync replicas, or time is
 * up. A try that had no answer is repeated with the same number, so the leader, an old or a new one, keeps it once.
 */
export class PartitionWriter {
  readonly #options: PartitionWriterOptions
  #session: ProducerSession | null = null

  constructor(options: PartitionWriterOptions) {
    this.#options = options
  }

  /** Connects and gets a session, so that the first batch need not wait for them. Rejects where that fails now. */
  async prepare(): Promise<void> {
    await this.#open()
  }

  /** @throws {AppError} when time is up, or Kafka refuses */
  async write(records: readonly MessageRecord[]): Promise<void> {
    const deadline = performance.now() + this.#options.deliveryTimeoutMs
    for (;;) {
      try {
        await this.#try(records)
        return
      } catch (error) {
        if (hasKafkaCode(error, 'DUPLICATE_SEQUENCE_NUMBER')) return
        if (hasKafkaCode(error, ...sessionLost)) this.#session = null
        const failure = fromClient(error)
        if (failure.verdict === 'fatal' || performance.now() > deadline) {
          // Whether the batch lies there is not known, so its number must not be given to another.
          this.#session = null
          throw failure
        }
      }
      await Promise.all([pause(betweenTriesMs), this.#options.cluster.refresh()])
    }
  }

  async #try(records: readonly MessageRecord[]): Promise<void> {
    const { topic, partition } = this.#options
    const { leader, session, connection } = await this.#open()
    const sent = produce.async(connection, acksAll, replicationMs, [...records], {
      compression: 'snappy',
      producerId: session.id,
      producerEpoch: session.epoch,
      sequences: new NumericMap([[`${topic}:${partition}`, session.sequence]]),
    })
    await this.#unlessReplaced(leader, sent)
    session.sequence = (session.sequence + records.length) & 0x7fff_ffff
  }

  async #open() {
    const { topic, partition, cluster, connections } = this.#options
    const leader = cluster.leaderOf(topic, partition)
    if (!leader) throw new AppError('unavailable', 'retryable', `nobody leads ${topic} ${partition}`)
    this.#session ??= await this.#begin()
    return { leader, session: this.#session, connection: await connections.get(leader) }
  }

  async #begin(): Promise<ProducerSession> {
    const { producerId, producerEpoch } = await this.#options.bootstrap.ask((connection) =>
      initProducerIdV5.api.async(connection, null, 0, -1n, -1),
    )
    return { id: producerId, epoch: producerEpoch, sequence: 0 }
  }

  /** A frozen leader's answer is not waited for once the cluster has another. */
  async #unlessReplaced(leader: Node, answer: Promise<unknown>): Promise<void> {
    const { promise: replaced, reject } = Promise.withResolvers<never>()
    answer.catch(() => undefined)
    const watch = setInterval(() => {
      void this.#assertLeads(leader).catch(reject)
    }, suspiciousMs)
    try {
      await Promise.race([answer, replaced])
    } finally {
      clearInterval(watch)
    }
  }

  async #assertLeads(leader: Node): Promise<void> {
    const { topic, partition, cluster } = this.#options
    await cluster.refresh()
    const current = cluster.leaderOf(topic, partition)
    if (current && current.id !== leader.id) {
      throw new AppError('unavailable', 'retryable', `${topic} ${partition} has a new leader`)
    }
  }
}
