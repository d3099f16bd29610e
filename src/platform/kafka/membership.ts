import { randomUUID } from 'node:crypto'
import { consumerGroupHeartbeatV1 } from '@platformatic/kafka'
import { asError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import { hasKafkaCode } from './client-error.ts'
import type { Coordinator } from './coordinator.ts'
import { Trouble } from './trouble.ts'

/** Partitions of one topic, which Kafka names by id: a topic that was deleted and made anew has another. */
export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export interface MembershipOptions {
  readonly coordinator: Coordinator
  readonly group: string
  readonly topics: readonly string[]
  readonly memberId: string
  readonly log: Logger
  /** The partitions that the group wants us to have from now on. */
  readonly onTarget: (target: readonly TopicPartitions[]) => void
  /** The group went on without us: what we had belongs to others already. */
  readonly onLost: () => void
}

const { api: heartbeat } = consumerGroupHeartbeatV1

const leaveEpoch = -1
const retryMs = 250
/** The group deals out partitions about once a second: one that has just joined asks more often for its share. */
const eagerBeats = 12
/** How long the group waits for us to let go of a partition: a batch in hand may be finished first. */
const rebalanceTimeoutMs = 30_000

/**
 * Our place in a consumer group, by the protocol of KIP-848: the coordinator says what we should have, we say what
 * we have, and a partition goes to another member only when we no longer claim it.
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #stop = new AbortController()
  #memberId: string
  #epoch = 0
  #owned: readonly TopicPartitions[] = []
  #wake: () => void = () => undefined
  #running: Promise<void> | null = null
  #lastHeartbeat = performance.now()
  #target = ''
  #inHaste = false
  #beats = 0
  readonly #trouble: Trouble

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#memberId = options.memberId
    this.#trouble = new Trouble(options.log, 'the heartbeat to the consumer group')
  }

  /** What commits are signed with, so that a member whom the group left behind cannot commit. */
  get identity(): { readonly memberId: string; readonly epoch: number } {
    return { memberId: this.#memberId, epoch: this.#epoch }
  }

  /** Milliseconds since the coordinator last heard us. */
  get silentMs(): number {
    return performance.now() - this.#lastHeartbeat
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** What we have now; told to the group at once. */
  claim(owned: readonly TopicPartitions[]): void {
    this.#owned = owned
    this.#inHaste = true
    this.#wake()
  }

  /** Stops, and gives the place up, so that the others need not wait for the session to end. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.#wake()
    await this.#running
    await this.#leave().catch((error: unknown) => {
      this.#options.log.warn(
        { err: error },
        'could not leave the consumer group: its session will end by itself',
      )
    })
  }

  async #run(): Promise<void> {
    // The place of a killed predecessor of the same name is given up first, or its partitions wait for its session.
    await this.#leave().catch(() => undefined)
    while (!this.#stop.signal.aborted) {
      this.#inHaste = false
      const untilNext = await this.#beat()
      if (!this.#inHaste && !this.#stop.signal.aborted) await this.#sleep(untilNext)
    }
  }

  /** One heartbeat; the milliseconds until the next. */
  async #beat(): Promise<number> {
    const { coordinator, group, topics, onTarget } = this.#options
    try {
      const response = await coordinator.ask((connection) =>
        heartbeat.async(
          connection,
          group,
          this.#memberId,
          this.#epoch,
          null,
          null,
          rebalanceTimeoutMs,
          [...topics],
          null,
          null,
          this.#claims(),
        ),
      )
      this.#epoch = response.memberEpoch
      this.#lastHeartbeat = performance.now()
      this.#trouble.over()
      const target = response.assignment?.topicPartitions
      if (target && JSON.stringify(target) !== this.#target) {
        this.#target = JSON.stringify(target)
        onTarget(target)
      }
      this.#beats += 1
      return this.#owned.length === 0 && this.#beats < eagerBeats ? retryMs : response.heartbeatIntervalMs
    } catch (error) {
      if (this.#isLeftBehind(error)) this.#rejoin(asError(error))
      else this.#trouble.met(error)
      return retryMs
    }
  }

  /** Also by a group that is gone altogether: it is made by who joins, not by who says to be a member. */
  #isLeftBehind(error: unknown): boolean {
    if (hasKafkaCode(error, 'UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH')) return true
    return this.#epoch > 0 && hasKafkaCode(error, 'GROUP_ID_NOT_FOUND')
  }

  #claims() {
    return this.#owned.map(({ topicId, partitions }) => ({ topicId, partitions: [...partitions] }))
  }

  /** As a new member: someone else may have our old name by now, and the two must never pass for one. */
  #rejoin(error: Error): void {
    this.#options.log.warn(
      { err: error },
      'the consumer group went on without this member, which joins again',
    )
    this.#memberId = randomUUID()
    this.#epoch = 0
    this.#beats = 0
    this.#owned = []
    this.#target = ''
    this.#options.onLost()
  }

  async #leave(): Promise<void> {
    const { coordinator, group } = this.#options
    await coordinator.ask((connection) =>
      heartbeat.async(
        connection,
        group,
        this.#memberId,
        leaveEpoch,
        null,
        null,
        rebalanceTimeoutMs,
        [],
        null,
        null,
        [],
      ),
    )
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, milliseconds)
    this.#wake = resolve
    await promise
    clearTimeout(timer)
  }
}
