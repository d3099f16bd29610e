import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Producer } from '../../platform/kafka/producer.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import type { RecordOf } from './dry-run.ts'
import type { Letter } from './letters.ts'
import { claimLetters, finishReplay, markSent, type ReplayJob, takeReplay } from './replay-jobs.ts'
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
    this.#options = options
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
    const { pool, producer, recordOf, log } = this.#options
    const records = []
    for (const letter of letters) {
      const record = await recordOf(letter)
      if (record) records.push(replayRecord(letter, record, new Date()))
      else
        log.error({ letter_id: letter.letter_id }, 'the record of a dead letter is not on its topic any more')
    }
    await producer.send(records)
    await markSent(
      pool,
      job.replay_id,
      letters.map(({ letter_id }) => letter_id),
    )
  }
}
