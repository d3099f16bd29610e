import { setTimeout as pause } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import type { Pool } from '../../platform/postgres/pool.ts'
import { type Logger, moduleLog } from '../../platform/telemetry/logger.ts'
import { indexDeadLetters, type LetterSource } from './letter-index.ts'
import { countOpenLetters } from './letters.ts'

export interface IndexerOptions {
  readonly pool: Pool
  readonly source: LetterSource
  readonly metrics: Registry
  readonly log: Logger
}

const everyMs = 1_000

/** Keeps the index at the end of `deadletter.queue`, and the number of open letters among the metrics. */
export class DeadLetterIndexer {
  readonly #options: IndexerOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null

  constructor(options: IndexerOptions) {
    this.#options = { ...options, log: moduleLog(options.log, 'dead-letters') }
    openLetters(options)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { pool, source, log } = this.#options
    const { signal } = this.#stopping
    let failures = 0
    while (!signal.aborted) {
      try {
        await indexDeadLetters(pool, source)
        failures = 0
      } catch (error) {
        failures += 1
        if (failures === 1) log.warn({ err: error }, 'dead letters are not indexed now')
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

export function openLetters({ pool, metrics }: Pick<IndexerOptions, 'pool' | 'metrics'>): void {
  new Gauge({
    name: 'thereview_dead_letters_open',
    help: 'Dead letters that nobody has dealt with, by the group and the code of their failure',
    labelNames: ['group', 'code'],
    registers: [metrics],
    async collect() {
      this.reset()
      // While Postgres is away the number is not known, and has no series.
      const counts = await countOpenLetters(pool).catch(() => [])
      for (const { consumer_group, error_code, count } of counts) {
        this.set({ group: consumer_group, code: error_code }, count)
      }
    },
  })
}
