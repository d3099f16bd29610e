import type { Queryable } from '../postgres/pool.ts'
import type { StoredEvent } from './stored-event.ts'

/** Versions `first` to `last` of one aggregate. */
export interface VersionRange {
  readonly aggregateId: string
  readonly first: number
  readonly last: number
}

/** Those of these versions that the log knows, in order for each aggregate. */
export async function readVersions(
  db: Queryable,
  aggregateType: string,
  ranges: readonly VersionRange[],
): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>(
    `select position, event_id, event_type, occurred_at, aggregate_type, aggregate_id, aggregate_version,
        data, metadata, traceparent
      from unnest($2::text[], $3::integer[], $4::integer[]) as range (aggregate_id, first, last)
      join events using (aggregate_id)
      where aggregate_type = $1 and aggregate_version between first and last
      order by aggregate_id, aggregate_version`,
    [
      aggregateType,
      ranges.map(({ aggregateId }) => aggregateId),
      ranges.map(({ first }) => first),
      ranges.map(({ last }) => last),
    ],
  )
  return rows
}
