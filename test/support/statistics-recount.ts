import assert from 'node:assert/strict'
import type { Queryable } from '../../src/platform/postgres/pool.ts'
import type { ReviewDelivery } from './review-events.ts'

interface Recount {
  histogram: number[]
  revision: number
  position: number
  days: Record<string, [count: number, halves: number]>
}

/** What statistics must say of these events, counted one by one by other means than the projection's. */
export function recount(deliveries: readonly ReviewDelivery[]): Record<string, Recount> {
  const reviews = new Map<string, { entity: string; rating: number; day: string; live: boolean }>()
  const entities: Record<string, Recount> = {}
  for (const { event, position } of deliveries) {
    const entity = `${event.data.entity_type}/${event.data.entity_id}`
    entities[entity] ??= { histogram: Array(9).fill(0), revision: 0, position: 0, days: {} }
    entities[entity].revision += 1
    entities[entity].position = Math.max(entities[entity].position, Number(position))
    const review = reviews.get(event.aggregate_id)
    if (event.event_type === 'review.created.v1') {
      const { rating } = event.data
      reviews.set(event.aggregate_id, { entity, rating, day: event.timestamp.slice(0, 10), live: true })
    } else if (event.event_type === 'review.updated.v1') {
      if (review) review.rating = event.data.changes.rating?.new ?? review.rating
    } else if (review) review.live = false
  }
  for (const { entity, rating, day, live } of reviews.values()) {
    const stats = entities[entity]
    if (!stats || !live) continue
    const slot = rating * 2 - 2
    stats.histogram[slot] = (stats.histogram[slot] ?? 0) + 1
    const [count, halves] = stats.days[day] ?? [0, 0]
    stats.days[day] = [count + 1, halves + rating * 2]
  }
  return entities
}

export async function assertStatistics(db: Queryable, expected: Record<string, Recount>): Promise<void> {
  const { rows } = await db.query<{ entity: string } & Omit<Recount, 'days'>>(
    `select entity_type || '/' || entity_id as entity, histogram::float8[] as histogram, revision, position
     from analytics.entity_stats`,
  )
  const days = await db.query<{ entity: string; day: string; count: number; halves: number }>(
    `select entity_type || '/' || entity_id as entity, day::text as day, count, halves
     from analytics.entity_days where count <> 0 or halves <> 0`,
  )
  const found = Object.fromEntries(
    rows.map(({ entity, ...stats }) => [
      entity,
      {
        ...stats,
        days: Object.fromEntries(
          days.rows
            .filter((row) => row.entity === entity)
            .map(({ day, count, halves }) => [day, [count, halves]]),
        ),
      },
    ]),
  )
  assert.deepEqual(found, expected)
}
