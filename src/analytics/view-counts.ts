import type { EventOf } from '../contracts/event.ts'
import { reviewViewed } from '../contracts/events/review-viewed.ts'
import { statsViewed } from '../contracts/events/stats-viewed.ts'
import type { Queryable } from '../platform/postgres/pool.ts'

export const viewEvents = [reviewViewed, statsViewed] as const
export type ViewEvent = EventOf<(typeof viewEvents)[number]>

/**
 * Adds views to their entities, by day. All or none: one statement.
 *
 * Counts of views are good, not exact: the API drops some rather than wait, and of a batch whose commit was not heard
 * of, or whose offset was not stored, each view is counted again. They have no place in the log to know them by.
 */
export async function countViews(db: Queryable, views: readonly ViewEvent[]): Promise<void> {
  if (views.length === 0) return
  await db.query({
    name: 'analytics.count_views',
    // In the order of the primary key, so that workers of several partitions never wait for each other in a ring.
    text: `insert into entity_views (entity_type, entity_id, day, views)
      select entity_type, entity_id, day, count(*)
      from unnest($1::text[], $2::text[], $3::date[]) as view (entity_type, entity_id, day)
      group by entity_type, entity_id, day
      order by entity_type collate "C", entity_id collate "C", day
      on conflict (entity_type, entity_id, day) do update set views = entity_views.views + excluded.views`,
    values: [
      views.map(({ data }) => data.entity_type),
      views.map(({ data }) => data.entity_id),
      views.map(({ timestamp }) => new Date(timestamp).toISOString().slice(0, 10)),
    ],
  })
}
