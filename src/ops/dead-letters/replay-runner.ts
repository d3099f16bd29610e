import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { topics } from '../../contracts/topics.ts'
import { RecordTooLargeError } from '../../platform/kafka/client-error.ts'
import type { Producer } from '../../platform/kafka/producer.ts'
import type { OutgoingRecord } from '../../platform/kafka/records.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import { type Logger, moduleLog } from '../../platform/telemetry/logger.ts'
import type { RecordOf } from './dry-run.ts'
import type { Letter } from './letters.ts'
import {
  claimLetters,
  finishReplay,
  markSent,
  type ReplayJob,
  refuseLetter,
  takeReplay,
} from './replay-jobs.ts'
import { replayRecord } from './replay-record.ts'

export interface ReplayRunnerOptions {
  readonly pool: Pool
  readonly producer: Producer
  readonly recordOf: RecordOf
  readonly log: Logger
}

const leaseMs = 10_000
const idleMs = 500
const batchLetters = 50

/**
 * Sends the letters of replay jobs again, at their rate. Each job has one runner at a time; one that dies leaves a
 * job that the next goes on with. A letter is sent at least once: its handler absorbs a repeat.
 */
export class ReplayRunner {
  readonly #options: ReplayRunnerOptions
  readonly #name = randomUUID()
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null

  constructor(options: ReplayRunnerOptions) {
    this.#options = { ...options, log: moduleLog(options.log, 'dead-letters') }
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const waitMs = await this.#round().catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'a replay waits')
        return idleMs
      })
      await pause(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One batch of one job. Returns how long to wait, so that the job's rate is kept. */
  async #round(): Promise<number> {
    const { pool } = this.#options
    const job = await takeReplay(pool, this.#name, leaseMs)
    if (!job) return idleMs
    const letters = await claimLetters(pool, job.replay_id, Math.min(batchLetters, job.rate_per_second))
    if (!letters) {
      await finishReplay(pool, job.replay_id)
      return 0
    }
    await this.#send(job, letters)
    return (letters.length / job.rate_per_second) * 1000
  }

  async #send(job: ReplayJob, letters: readonly Letter[]): Promise<void> {
    const replays: Replay[] = []
    for (const letter of letters) {
      const record = await this.#options.recordOf(letter)
      if (record) replays.push({ letter, record: replayRecord(letter, record, new Date()) })
      else await this.#refuse(job, letter, 'its record is not on its topic any more')
    }
    await this.#sendAll(job, replays)
  }

  async #sendAll(job: ReplayJob, replays: readonly Replay[]): Promise<void> {
    const { pool, producer } = this.#options
    try {
      await producer.send(replays.map(({ record }) => record))
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error
      const [only] = replays
      if (only && replays.length === 1) {
        const { name } = topics.retries
        return this.#refuse(
          job,
          only.letter,
          `it is too large for ${name}: raise its max.message.bytes first`,
        )
      }
      for (const one of replays) await this.#sendAll(job, [one])
      return
    }
    const ids = replays.map(({ letter }) => letter.letter_id)
    await markSent(pool, job.replay_id, ids)
  }

  async #refuse(job: ReplayJob, { letter_id }: Letter, reason: string): Promise<void> {
    await refuseLetter(this.#options.pool, job.replay_id, letter_id, reason)
    this.#options.log.error({ letter_id, reason }, 'a dead letter cannot be sent again')
  }
}

interface Replay {
  readonly letter: Letter
  readonly record: OutgoingRecord
}
