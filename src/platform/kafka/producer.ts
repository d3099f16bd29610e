import { Producer as Client } from '@platformatic/kafka'
import { AppError } from '../errors.ts'
import { within } from '../within.ts'
import { fromClient, hasKafkaCode, RecordTooLargeError } from './client-error.ts'
import { clientOptions, type KafkaAddress } from './connection.ts'
import type { Names } from './names.ts'
import { partitionOf } from './partitioner.ts'
import { headerPairs, type OutgoingRecord, sizeOf } from './records.ts'

export interface Producer {
  /**
   * Resolves when every record is on min.insync.replicas brokers; the records of one partition lie in the order in
   * which they were sent. When it rejects, some of them may be there all the same, so send all of them again.
   * @throws {AppError} `unavailable`, retryable, when the brokers do not take them in time
   * @throws {RecordTooLargeError} naming the record; the others of its partition after it were not sent
   */
  send(records: readonly OutgoingRecord[]): Promise<void>
  close(): Promise<void>
}

export interface ProducerOptions {
  /** How long one batch is tried before `send` gives up: longer than a dead leader stays in office. */
  readonly deliveryTimeoutMs?: number
}

const maxBatchRecords = 1_000
/** Half of Kafka's default for `max.message.bytes`, which holds for a whole batch. */
const maxBatchBytes = 512 * 1024
const retryDelayMs = 200

/**
 * Idempotent, acknowledged by all in-sync replicas. The client sends a batch always to the leader of its first
 * message, so each partition gets its own sends, one at a time; partitions do not wait for each other.
 */
export function createProducer(
  address: KafkaAddress,
  names: Names,
  { deliveryTimeoutMs = 20_000 }: ProducerOptions = {},
): Producer {
  let client = createClient(address, deliveryTimeoutMs)
  let closed = false
  const tails = new Map<string, Promise<void>>()

  async function send(records: readonly OutgoingRecord[]): Promise<void> {
    if (closed) throw new AppError('unavailable', 'retryable', 'the producer is closed')
    const partitions = await byPartition(records)
    const sends = [...partitions].map(([partition, own]) => inTurn(partition, () => sendInOrder(own)))
    const failed = (await Promise.allSettled(sends)).find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async function byPartition(records: readonly OutgoingRecord[]): Promise<Map<string, Placed[]>> {
    const topics = [...new Set(records.map((record) => names.theirs(record.topic)))]
    const metadata = await attempt((using) => using.metadata({ topics }))
    const partitions = new Map<string, Placed[]>()
    for (const record of records) {
      const topic = names.theirs(record.topic)
      const count = metadata.topics.get(topic)?.partitionsCount ?? 1
      const key = toBuffer(record.key)
      const partition = record.partition ?? (key ? partitionOf(key, count) : 0)
      const id = `${topic}:${partition}`
      const placed = partitions.get(id) ?? []
      partitions.set(id, placed)
      placed.push({ record, message: toMessage(record, topic, partition, key) })
    }
    return partitions
  }

  function inTurn(partition: string, work: () => Promise<void>): Promise<void> {
    const turn = (tails.get(partition) ?? Promise.resolve()).then(work, work)
    tails.set(partition, turn)
    const forget = () => {
      if (tails.get(partition) === turn) tails.delete(partition)
    }
    turn.then(forget, forget)
    return turn
  }

  async function sendInOrder(placed: readonly Placed[]): Promise<void> {
    for (const batch of batches(placed)) await deliver(batch)
  }

  async function deliver(batch: readonly Placed[]): Promise<void> {
    try {
      await attempt((using) => using.send({ messages: batch.map(({ message }) => message) }))
    } catch (error) {
      const [first] = batch
      const tooLarge = hasKafkaCode(error, 'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE')
      if (!tooLarge || !first) throw error
      if (batch.length === 1) throw new RecordTooLargeError(first.record, error)
      for (const alone of batch) await deliver([alone])
    }
  }

  /**
   * Everything that is asked of the client has a deadline, and a client that failed is replaced by a new one with
   * a new producer id: one that is wedged stays so, however often it is asked again.
   */
  async function attempt<T>(work: (using: Client) => Promise<T>): Promise<T> {
    const using = client
    try {
      return await within(deliveryTimeoutMs, work(using))
    } catch (error) {
      if (hasKafkaCode(error, 'MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE')) throw error
      if (using === client && !closed) {
        client = createClient(address, deliveryTimeoutMs)
        using.close(true).catch(() => undefined)
      }
      throw fromClient(error)
    }
  }

  return {
    send,
    async close() {
      if (closed) return
      closed = true
      await Promise.allSettled(tails.values())
      await client.close(true)
    },
  }
}

type Message = Parameters<Client['send']>[0]['messages'][number]
type Placed = { readonly record: OutgoingRecord; readonly message: Message }

function createClient(address: KafkaAddress, deliveryTimeoutMs: number): Client {
  return new Client({
    ...clientOptions(address),
    idempotent: true,
    compression: 'snappy',
    // Few enough to end before the deadline: with fewer than two the client would retry for ever.
    retries: Math.max(2, Math.floor((deliveryTimeoutMs * 0.8) / retryDelayMs)),
    retryDelay: retryDelayMs,
  })
}

/** The client's types have no place for the absent: a null key, value or header value is left undefined. */
function toMessage(
  record: OutgoingRecord,
  topic: string,
  partition: number,
  key: Buffer | undefined,
): Message {
  const headers = new Map(
    headerPairs(record.headers).map(([name, value]) => [toBuffer(name), toBuffer(value)]),
  )
  return { topic, partition, key, value: toBuffer(record.value), headers } as Message
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
