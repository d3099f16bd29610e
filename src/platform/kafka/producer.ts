import { setTimeout as pause } from 'node:timers/promises'
import type { MessageRecord } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { Bootstrap } from './bootstrap.ts'
import { RecordTooLargeError } from './client-error.ts'
import { ClusterMap } from './cluster-map.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import type { Names } from './names.ts'
import { PartitionWriter } from './partition-writer.ts'
import { partitionOf } from './partitioner.ts'
import { headerPairs, type OutgoingRecord, sizeOf } from './records.ts'

export interface Producer {
  /**
   * Resolves when every record is on min.insync.replicas brokers; the records of one partition lie in the order in
   * which they were sent. When it rejects, some of them may be there all the same, so send all of them again.
   * @throws {AppError} `unavailable`, retryable, when the brokers do not take them in time
   * @throws {RecordTooLargeError} naming the record; those of its partition that come after it were not sent
   */
  send(records: readonly OutgoingRecord[]): Promise<void>
  /** Looks up who leads these topics and connects, so that the first records need not wait for it. */
  warmUp(topics: readonly string[]): Promise<void>
  /** What Kafka knows these topics by; one that was deleted and made again has another id. */
  topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>>
  close(): Promise<void>
}

export interface ProducerOptions {
  /** How long one batch is tried before `send` gives up: longer than a dead leader stays in office. */
  readonly deliveryTimeoutMs?: number
}

const maxBatchRecords = 1_000
/** Half of Kafka's default for `max.message.bytes`, which holds for a whole batch. */
const maxBatchBytes = 512 * 1024
const betweenTriesMs = 200

/**
 * Idempotent, acknowledged by all in-sync replicas. The records of one partition go out one batch after another, so
 * that a try that is repeated cannot overtake; partitions do not wait for each other.
 */
export function createProducer(
  address: KafkaAddress,
  names: Names,
  { deliveryTimeoutMs = 20_000 }: ProducerOptions = {},
): Producer {
  const connections = connectTo(address)
  const bootstrap = new Bootstrap(connections, address.brokers)
  const cluster = new ClusterMap(bootstrap)
  const lanes = new Map<string, Lane>()
  let closed = false

  async function send(records: readonly OutgoingRecord[]): Promise<void> {
    if (closed) throw new AppError('unavailable', 'retryable', 'the producer is closed')
    await know(new Set(records.map(({ topic }) => names.theirs(topic))))
    const sends = [...byLane(records)].map(([lane, placed]) => lane.write(placed))
    const failed = (await Promise.allSettled(sends)).find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async function know(topics: ReadonlySet<string>): Promise<void> {
    cluster.refreshIfOld()
    const deadline = performance.now() + deliveryTimeoutMs
    for (const topic of topics) {
      cluster.include(topic)
      while (cluster.partitionsOf(topic) === undefined) {
        await cluster.refresh()
        if (cluster.partitionsOf(topic) !== undefined) break
        if (performance.now() > deadline) {
          throw new AppError('unavailable', 'retryable', `kafka is not available, or has no topic ${topic}`)
        }
        await pause(betweenTriesMs)
      }
    }
  }

  function byLane(records: readonly OutgoingRecord[]): Map<Lane, Placed[]> {
    const placed = new Map<Lane, Placed[]>()
    for (const record of records) {
      const topic = names.theirs(record.topic)
      const key = toBuffer(record.key)
      const partition = record.partition ?? (key ? partitionOf(key, cluster.partitionsOf(topic) ?? 1) : 0)
      const lane = laneOf(topic, partition)
      const own = placed.get(lane)
      const one = { record, message: toMessage(record, topic, partition, key) }
      if (own) own.push(one)
      else placed.set(lane, [one])
    }
    return placed
  }

  function laneOf(topic: string, partition: number): Lane {
    const id = `${topic}:${partition}`
    const known = lanes.get(id)
    if (known) return known
    const writer = new PartitionWriter({
      topic,
      partition,
      connections,
      bootstrap,
      cluster,
      deliveryTimeoutMs,
    })
    const lane = createLane(writer)
    lanes.set(id, lane)
    return lane
  }

  async function warmUp(topics: readonly string[]): Promise<void> {
    const theirs = topics.map((topic) => names.theirs(topic))
    await know(new Set(theirs))
    const partitions = theirs.flatMap((topic) =>
      Array.from({ length: cluster.partitionsOf(topic) ?? 0 }, (_, partition) => laneOf(topic, partition)),
    )
    await Promise.all(partitions.map((lane) => lane.prepare()))
  }

  async function topicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const theirs = topics.map((topic) => names.theirs(topic))
    await know(new Set(theirs))
    await cluster.refresh()
    return new Map(topics.map((topic) => [topic, cluster.idOf(names.theirs(topic)) ?? '']))
  }

  return {
    send,
    warmUp,
    topicIds,
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled([...lanes.values()].map(({ idle }) => idle()))
      await connections.close()
    },
  }
}

interface Placed {
  readonly record: OutgoingRecord
  readonly message: MessageRecord
}

/** One partition's way out: who comes first is written first. */
interface Lane {
  prepare(): Promise<void>
  write(placed: readonly Placed[]): Promise<void>
  idle(): Promise<void>
}

function createLane(writer: PartitionWriter): Lane {
  let last: Promise<void> = Promise.resolve()
  return {
    prepare() {
      const turn = last.then(() => writer.prepare())
      last = turn.catch(() => undefined)
      return turn
    },
    write(placed) {
      const turn = last.then(() => writeAll(writer, placed))
      last = turn.catch(() => undefined)
      return turn
    },
    idle: () => last,
  }
}

async function writeAll(writer: PartitionWriter, placed: readonly Placed[]): Promise<void> {
  for (const batch of batches(placed)) {
    try {
      await writer.write(batch.map(({ message }) => message))
    } catch (error) {
      const [first, ...others] = batch
      if (!first || !(error instanceof AppError) || error.code !== 'record_too_large') throw error
      if (others.length === 0) throw new RecordTooLargeError(first.record, error)
      for (const alone of batch) await writeAll(writer, [alone])
    }
  }
}

/** The client's types have no place for the absent: a null key, value or header value is left undefined. */
function toMessage(
  record: OutgoingRecord,
  topic: string,
  partition: number,
  key: Buffer | undefined,
): MessageRecord {
  const headers = new Map(
    headerPairs(record.headers).map(([name, value]) => [toBuffer(name), toBuffer(value)]),
  )
  return { topic, partition, key, value: toBuffer(record.value), headers } as MessageRecord
}

function toBuffer(bytes: Buffer | string | null): Buffer | undefined {
  if (bytes === null) return undefined
  return typeof bytes === 'string' ? Buffer.from(bytes) : bytes
}

function* batches(placed: readonly Placed[]): Generator<readonly Placed[]> {
  let batch: Placed[] = []
  let bytes = 0
  for (const one of placed) {
    const size = sizeOf(one.record)
    if (batch.length === maxBatchRecords || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(one)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
