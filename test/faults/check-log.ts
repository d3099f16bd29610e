import { envelopeText, readAfter, type StoredEvent } from '../../src/platform/log/stored-event.ts'
import type { Pool } from '../../src/platform/postgres/pool.ts'
import type { LoadRecord } from './recorded-load.ts'

/** What is wrong, a line each; empty when the invariant holds. */
export type Findings = string[]

export interface LogEvent extends StoredEvent {
  readonly envelope: string
}

export async function readWholeLog(pool: Pool): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  for (;;) {
    const page = await readAfter(pool, events.length, 5_000)
    if (page.length === 0) return events
    events.push(...page.map((event) => ({ ...event, envelope: envelopeText(event) })))
  }
}

/** Positions are 1, 2, 3 … and each aggregate's versions too. */
export function checkDense(log: readonly LogEvent[]): Findings {
  const findings: Findings = []
  const versions = new Map<string, number>()
  for (const [index, event] of log.entries()) {
    if (event.position !== index + 1)
      findings.push(`position ${index + 1} is missing: found ${event.position}`)
    const expected = (versions.get(event.aggregate_id) ?? 0) + 1
    if (event.aggregate_version !== expected) {
      findings.push(`${event.aggregate_id}: version ${event.aggregate_version} where ${expected} was due`)
    }
    versions.set(event.aggregate_id, expected)
  }
  return findings
}

/** Every write that was answered 2xx is in the log, as it was answered. */
export function checkAcknowledged(log: readonly LogEvent[], { acknowledged }: LoadRecord): Findings {
  const byVersion = new Map(log.map((event) => [`${event.aggregate_id}@${event.aggregate_version}`, event]))
  const deleted = new Set(
    log.filter(({ event_type }) => event_type === 'review.deleted.v1').map((e) => e.aggregate_id),
  )
  const findings: Findings = []
  for (const { kind, reviewId, version, rating } of acknowledged) {
    if (kind === 'delete') {
      if (!deleted.has(reviewId)) findings.push(`lost: the deletion of ${reviewId}`)
      continue
    }
    const event = byVersion.get(`${reviewId}@${version}`)
    if (!event) findings.push(`lost: ${kind} ${reviewId} version ${version}`)
    else if (ratingOf(event) !== rating)
      findings.push(`${reviewId} version ${version} has another rating than was answered`)
  }
  return findings
}

interface Standing {
  rating: number
  version: number
  deleted: boolean
}

/** The table of reviews is what its log says: of a write that was not answered, all is there or nothing. */
export async function checkStateEqualsLog(pool: Pool, log: readonly LogEvent[]): Promise<Findings> {
  const folded = new Map<string, Standing>()
  for (const event of log.filter(({ aggregate_type }) => aggregate_type === 'Review')) {
    const before = folded.get(event.aggregate_id)
    folded.set(event.aggregate_id, {
      rating: ratingOf(event) ?? before?.rating ?? Number.NaN,
      version: event.aggregate_version ?? 0,
      deleted: event.event_type === 'review.deleted.v1',
    })
  }
  const { rows } = await pool.query<{ review_id: string } & Standing>(
    'select review_id, rating::float8 as rating, version, deleted_at is not null as deleted from reviews',
  )
  const findings: Findings = []
  for (const row of rows) {
    const { review_id, ...standing } = row
    const expected = JSON.stringify(folded.get(review_id) ?? null)
    if (JSON.stringify(standing) !== expected)
      findings.push(`${review_id} is ${JSON.stringify(standing)}, its log says ${expected}`)
    folded.delete(review_id)
  }
  for (const reviewId of folded.keys()) findings.push(`${reviewId} is in the log alone`)
  return findings
}

/** The rating after an event; undefined where the event does not touch it. */
function ratingOf(event: LogEvent): number | undefined {
  const data = JSON.parse(event.data) as { rating?: number; changes?: { rating?: { new: number } } }
  return data.rating ?? data.changes?.rating?.new
}
