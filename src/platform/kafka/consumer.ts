import { createHash, randomUUID } from 'node:crypto'
import type { ConnectionPool } from '@platformatic/kafka'
import type { Logger } from '../telemetry/logger.ts'
import { within } from '../within.ts'
import { type AssignedPartition, isOurs, lagOf, markDone } from './assigned-partition.ts'
import { Assignment } from './assignment.ts'
import { type Batch, BatchInHand, putBack } from './batch-in-hand.ts'
import { Bootstrap } from './bootstrap.ts'
import { ClusterMap } from './cluster-map.ts'
import { Committer } from './committer.ts'
import { connectTo, type KafkaAddress } from './connection.ts'
import { Coordinator } from './coordinator.ts'
import { Fetcher } from './fetcher.ts'
import { GroupOffsets } from './group-offsets.ts'
import { Membership } from './membership.ts'
import type { Names } from './names.ts'
import type { IncomingRecord } from './records.ts'

export interface ConsumerOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** Names this process for ever: started anew after a kill, it has its partitions back at once. */
  readonly instanceId?: string | null
  readonly maxBatchRecords?: number
}

/** Records from `committed` on and before `end` are handed out again, should we die now. */
export interface PartitionState {
  readonly topic: string
  readonly partition: number
  readonly lag: bigint
  readonly committed: bigint
  /** Null before the first answer of its leader. */
  readonly end: bigint | null
}

export interface ConsumerState {
  readonly assigned: readonly PartitionState[]
  readonly lag: bigint
  /** Since the group's coordinator last answered. */
  readonly silentMs: number
  /** Since the partition of ours that waits longest for an answer of its leader got one. */
  readonly unfetchedMs: number
}

const maxBatchBytes = 4 * 1024 * 1024
const drainMs = 4_000
const lastCommitMs = 1_000
const leaveMs = 1_000
const closeMs = 500

/**
 * One member of a consumer group. It hands out one batch at a time, and commits only what was said to be done with;
 * offsets that were never committed start with the first record.
 *
 * The client's own consumer is not used, only its protocol: see docs/adr/0003-kafka-client.md.
 */
export class Consumer {
  readonly #options: ConsumerOptions
  readonly #log: Logger
  readonly #names: Names
  readonly #connections: ConnectionPool
  readonly #cluster: ClusterMap
  readonly #offsets: GroupOffsets
  readonly #membership: Membership
  readonly #assignment: Assignment
  readonly #committer: Committer
  readonly #fetcher: Fetcher
  #inHand: BatchInHand | null = null
  #wake: () => void = () => undefined
  #stopping: Promise<void> | null = null
  #turn = 0

  constructor(address: KafkaAddress, names: Names, log: Logger, options: ConsumerOptions) {
    this.#options = options
    this.#names = names
    this.#log = log.child({ group: options.group })
    const group = names.theirs(options.group)
    const topics = options.topics.map((topic) => names.theirs(topic))
    this.#connections = connectTo(address)
    const bootstrap = new Bootstrap(this.#connections, address.brokers)
    const coordinator = new Coordinator(this.#connections, bootstrap, group)
    this.#cluster = new ClusterMap(bootstrap, topics)
    this.#offsets = new GroupOffsets({
      connections: this.#connections,
      cluster: this.#cluster,
      coordinator,
      group,
    })
    const member = () => this.#membership.identity
    const partitions = () => this.#assignment
    this.#committer = new Committer({ offsets: this.#offsets, member, partitions, log: this.#log })
    this.#fetcher = new Fetcher({
      address,
      cluster: this.#cluster,
      partitions,
      onFetched: () => {
        this.#wake()
        this.#committer.schedule()
      },
      onOutOfRange: (partition) => void this.#startAgain(partition),
      ourName: (topic) => this.#ourName(topic),
      log: this.#log,
    })
    this.#assignment = new Assignment({
      cluster: this.#cluster,
      offsets: this.#offsets,
      member,
      log: this.#log,
      release: (going) => this.#release(going),
      claim: (owned) => this.#membership.claim(owned),
      onAssigned: () => {
        this.#committer.schedule()
        this.#fetcher.pump()
      },
    })
    this.#membership = new Membership({
      coordinator,
      group,
      topics,
      memberId: memberIdOf(group, options.instanceId ?? null),
      log: this.#log,
      onTarget: (target) => this.#assignment.want(target),
      onLost: () => this.#lose(),
    })
  }

  start(): void {
    this.#membership.start()
  }

  /** The next batch, as soon as there is a record; null once the consumer stops. Only after the last was settled. */
  async next(): Promise<Batch | null> {
    while (!this.#stopping) {
      const inHand = this.#take()
      if (inHand) {
        this.#inHand = inHand
        return inHand.batch
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return null
  }

  /** All effects of the batch are stored: its offsets may be committed. */
  done(batch: Batch): void {
    this.#settle(batch, (partition, records) => {
      const last = records.at(-1)
      if (last) partition.done = last.offset + 1n
      markDone(partition)
    })
    this.#committer.schedule()
  }

  /** The batch is not dealt with: its records come again, to whoever has their partitions then. */
  giveBack(batch: Batch): void {
    this.#settle(batch, putBack)
  }

  state(): ConsumerState {
    const partitions = [...this.#assignment]
    const now = performance.now()
    const waiting = partitions.filter(({ queue }) => queue.length === 0)
    return {
      assigned: partitions.map((one) => ({
        topic: this.#ourName(one.topic),
        partition: one.partition,
        lag: lagOf(one),
        committed: one.committed ?? 0n,
        end: one.end,
      })),
      lag: partitions.reduce((sum, one) => sum + lagOf(one), 0n),
      silentMs: this.#membership.silentMs,
      unfetchedMs: waiting.reduce((most, { lastFetch }) => Math.max(most, now - lastFetch), 0),
    }
  }

  /** Lets the batch in hand be finished, commits, and leaves the group; all within seconds. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#wake()
    this.#inHand?.abort()
    const step = (what: string, milliseconds: number, work: Promise<unknown>) =>
      within(milliseconds, work).catch((error: unknown) =>
        this.#log.warn({ err: error }, `${what} was cut short`),
      )
    await step('the batch in hand', drainMs, this.#inHand?.settled ?? Promise.resolve())
    this.#assignment.close()
    this.#committer.stop()
    await step('the last commit', 2 * lastCommitMs, this.#committer.flush(this.#assignment, lastCommitMs))
    await step('leaving the group', leaveMs, this.#membership.stop())
    await step(
      'closing connections',
      closeMs,
      Promise.all([this.#fetcher.close(), this.#connections.close()]),
    )
  }

  #take(): BatchInHand | null {
    const ready = [...this.#assignment].filter((one) => isOurs(one) && one.queue.length > 0)
    if (ready.length === 0) return null
    const first = this.#turn++ % ready.length
    const records = this.#options.maxBatchRecords ?? 500
    const inHand = BatchInHand.from([...ready.slice(first), ...ready.slice(0, first)], {
      records,
      bytes: maxBatchBytes,
    })
    this.#fetcher.pump()
    return inHand
  }

  #settle(
    batch: Batch,
    act: (partition: AssignedPartition, records: readonly IncomingRecord[]) => void,
  ): void {
    const inHand = this.#inHand
    if (inHand?.batch !== batch) return
    this.#inHand = null
    for (const [partition, records] of inHand.taken) {
      partition.inHand = 0
      if (!partition.gone) act(partition, records)
    }
    inHand.settle()
    this.#fetcher.pump()
  }

  async #release(going: readonly AssignedPartition[]): Promise<void> {
    const inHand = this.#inHand
    for (const partition of going) partition.leaving = true
    if (inHand && going.some((partition) => inHand.taken.has(partition))) {
      inHand.abort()
      await inHand.settled
    }
    await this.#committer.flush(going, lastCommitMs)
  }

  #lose(): void {
    const inHand = this.#inHand
    this.#assignment.lose()
    if (inHand && [...inHand.taken.keys()].some(({ gone }) => gone)) inHand.abort()
  }

  /** The position is not on the partition any more: its records expired unread, or it was cut or made anew. */
  async #startAgain(partition: AssignedPartition): Promise<void> {
    const { topic, position } = partition
    try {
      const first = await this.#offsets.firstOf(partition)
      if (partition.gone || partition.position !== position) return
      this.#log.error(
        { topic, partition: partition.partition, position, first },
        position < first
          ? 'records expired unread'
          : 'the partition ends before our position: it is read from the first',
      )
      partition.position = first
      if (partition.queue.length === 0) partition.done = first
    } catch (error) {
      this.#log.warn({ err: error }, 'the first offset could not be asked for')
    }
    this.#fetcher.pump()
  }

  #ourName(topic: string): string {
    return this.#names.ours(topic) ?? topic
  }
}

function memberIdOf(group: string, instanceId: string | null): string {
  if (instanceId === null) return randomUUID()
  return createHash('sha256').update(`${group}\n${instanceId}`).digest('base64url').slice(0, 22)
}
