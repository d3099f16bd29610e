import type { Pool } from '../../src/platform/postgres/pool.ts'
import type { Findings } from './check-log.ts'

/** The first page of each entity's list, from whatever cache, is what the table of reviews says. */
export async function checkLists(pool: Pool, apiUrl: string): Promise<Findings> {
  const { rows } = await pool.query<{ entity_type: string; entity_id: string; newest: string[] }>(
    `select entity_type, entity_id,
       coalesce((array_agg(review_id::text order by created_at desc, review_id desc)
         filter (where deleted_at is null))[1:20], '{}') as newest
     from reviews group by entity_type, entity_id`,
  )
  const findings: Findings = []
  for (const { entity_type, entity_id, newest } of rows) {
    const query = new URLSearchParams({ entity_type, entity_id })
    const answer = await fetch(`${apiUrl}/api/v1/reviews?${query}`)
    const { items } = (await answer.json()) as { items: { review_id: string }[] }
    const found = items.map(({ review_id }) => review_id)
    if (found.join() !== newest.join()) findings.push(`the list of ${entity_type}/${entity_id} is stale`)
  }
  return findings
}
