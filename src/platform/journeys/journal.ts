import { headers } from '../../contracts/headers.ts'
import { isRetryable } from '../errors.ts'
import { every } from '../every.ts'
import { headerInteger, type IncomingRecord } from '../kafka/records.ts'
import type { StoredEvent } from '../log/stored-event.ts'
import type { Result } from '../messaging/pipeline.ts'
import { type Queryable, withPostgres } from '../postgres/pool.ts'
import { type Logger, moduleLog } from '../telemetry/logger.ts'
import { keysOf } from './journey-key.ts'
import {
  type Failure,
  insertFailures,
  insertKeys,
  insertPublications,
  insertSettlements,
  type PositionKey,
  type Publication,
  type SettledRange,
} from './journey-store.ts'

const everyMs = 500
/** While Postgres is away, the oldest notes are forgotten: they are for looking on, and must never cost the work. */
const mostKept = 20_000

/**
 * Notes what happens to events, in memory, and writes it down twice a second. Whoever calls never waits and never
 * fails on its account.
 */
export class Journal {
  readonly #db: Queryable
  readonly #log: Logger
  readonly #publications: Publication[] = []
  readonly #keys: PositionKey[] = []
  readonly #settlements: SettledRange[] = []
  readonly #failures: Failure[] = []
  #timer: ReturnType<typeof every> | null = null

  constructor(db: Queryable, log: Logger) {
    this.#db = db
    this.#log = moduleLog(log, 'journeys')
  }

  start(): void {
    this.#timer ??= every(
      everyMs,
      () => this.#write(),
      (error) => this.#log.debug({ err: error }, 'journeys are not noted now'),
    )
  }

  /** Writes what is noted and not written yet. */
  async stop(): Promise<void> {
    await this.#timer?.stop()
    await this.#write().catch((error: unknown) => this.#log.debug({ err: error }, 'the last notes are lost'))
  }

  /** Events that Kafka has acknowledged, in the order of their positions. */
  readonly published = (events: readonly StoredEvent[]): void => {
    const [first, last] = [events[0], events.at(-1)]
    if (!first || !last) return
    const publishedAt = new Date()
    keep(this.#publications, [{ firstPosition: first.position, lastPosition: last.position, publishedAt }])
    keep(
      this.#keys,
      events.flatMap(({ metadata, position }) => keysOf(metadata).map((key) => ({ key, position }))),
    )
  }

  /** What came of one batch of a group. */
  readonly settled = (group: string, results: readonly Result[]): void => {
    const settledAt = new Date()
    const byPlace = Map.groupBy(results, ({ attempt: { record } }) => `${record.topic} ${record.partition}`)
    for (const own of byPlace.values()) keep(this.#settlements, rangesOf(group, own, settledAt))
    keep(
      this.#failures,
      results.flatMap((result) => failureOf(group, result, settledAt)),
    )
  }

  async #write(): Promise<void> {
    await drain(this.#publications, (rows) => insertPublications(this.#db, rows))
    await drain(this.#keys, (rows) => insertKeys(this.#db, rows))
    await drain(this.#settlements, (rows) => insertSettlements(this.#db, rows))
    await drain(this.#failures, (rows) => insertFailures(this.#db, rows))
  }
}

/**
 * One row for all of a partition that ended well at its first try: what did not is noted by itself. What was tried
 * again comes from anywhere, so each has a row of its own.
 */
function rangesOf(group: string, results: readonly Result[], settledAt: Date): SettledRange[] {
  const places = results.flatMap((result) => placeOf(result) ?? [])
  const [again, first] = [
    places.filter(({ attempt }) => attempt > 1),
    places.filter(({ attempt }) => attempt === 1),
  ]
  return [...(first.length > 0 ? [first] : []), ...again.map((one) => [one])].map((own) => ({
    group,
    topic: own[0]?.topic ?? '',
    partition: own[0]?.partition ?? 0,
    firstOffset: Math.min(...own.map(({ offset }) => offset)),
    lastOffset: Math.max(...own.map(({ offset }) => offset)),
    firstPosition: Math.min(...own.map(({ position }) => position)),
    lastPosition: Math.max(...own.map(({ position }) => position)),
    attempt: own[0]?.attempt ?? 1,
    settledAt,
  }))
}

/** Null for what did not end well, and for what does not come from the log. */
function placeOf({ attempt: { record, number }, outcome }: Result) {
  const position = outcome.verdict === 'ok' ? positionOf(record) : null
  if (position === null) return null
  const { topic, partition, offset } = record
  return { topic, partition, offset: Number(offset), position, attempt: number }
}

function failureOf(group: string, { attempt, outcome }: Result, failedAt: Date): Failure[] {
  if (outcome.verdict === 'ok') return []
  const { record, number } = attempt
  const position = positionOf(record)
  if (position === null) return []
  return [
    {
      group,
      position,
      topic: record.topic,
      partition: record.partition,
      offset: Number(record.offset),
      attempt: number,
      outcome: outcome.verdict,
      errorCode: outcome.error.code,
      failedAt,
    },
  ]
}

/** Null for what does not come from the log. */
function positionOf({ headers: own }: IncomingRecord): number | null {
  const position = headerInteger(own, headers.position, 15)
  return position === null ? null : Number(position)
}

function keep<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one)
  if (list.length > mostKept) list.splice(0, list.length - mostKept)
}

/** Takes what is there, and puts it back where it could not be written now; what never can be is let go. */
async function drain<T>(list: T[], write: (rows: readonly T[]) => Promise<void>): Promise<void> {
  const rows = list.splice(0)
  if (rows.length === 0) return
  try {
    await withPostgres(() => write(rows))
  } catch (error) {
    if (isRetryable(error)) list.unshift(...rows)
    throw error
  }
}
