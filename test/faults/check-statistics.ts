import type { Pool } from '../../src/platform/postgres/pool.ts'
import type { Findings } from './check-log.ts'

interface Recount {
  readonly entity_type: string
  readonly entity_id: string
  readonly count: number
  readonly average: string
  readonly ratings: number[]
}

/** What the API answers for each entity, from whatever cache, equals a recount of its live reviews. */
export async function checkStatistics(pool: Pool, apiUrl: string): Promise<Findings> {
  const { rows } = await pool.query<Recount>(
    `select entity_type, entity_id, count(*) filter (where deleted_at is null) as count,
       coalesce(round(avg(rating) filter (where deleted_at is null), 2), 0)::text as average,
       coalesce(array_agg(rating::float8) filter (where deleted_at is null), '{}') as ratings
     from reviews group by entity_type, entity_id`,
  )
  const checked = await Promise.all(rows.map((recount) => checkEntity(apiUrl, recount)))
  return checked.flat()
}

async function checkEntity(apiUrl: string, recount: Recount): Promise<Findings> {
  const { entity_type, entity_id, count, average, ratings } = recount
  const path = `${encodeURIComponent(entity_type)}/${encodeURIComponent(entity_id)}`
  const answer = await fetch(`${apiUrl}/api/v1/entities/${path}/stats`)
  const stats = (await answer.json()) as { count: number; average: number; histogram: Record<string, number> }
  const histogram = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => 1 + index / 2).map((rating) => [
      String(rating),
      ratings.filter((one) => one === rating).length,
    ]),
  )
  const expected = { count, average: Number(average), histogram }
  const found = { count: stats.count, average: stats.average, histogram: stats.histogram }
  return JSON.stringify(found) === JSON.stringify(expected)
    ? []
    : [
        `${entity_type}/${entity_id}: the API says ${JSON.stringify(found)}, a recount ${JSON.stringify(expected)}`,
      ]
}
