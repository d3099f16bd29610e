import type { Queryable } from '../postgres/pool.ts'
import { eventColumns, type StoredEvent } from './stored-event.ts'

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
  const { rows } = await db.query<StoredEvent>({
    name: 'log.read_versions',
    text: `
      select event.*
      from unnest($2::text[], $3::integer[], $4::integer[]) as range (aggregate_id, first, last)
      cross join lateral (
        select ${eventColumns} from events
        where events.aggregate_id = range.aggregate_id and aggregate_type = $1
          and aggregate_version between first and last offset 0
      ) as event
      order by event.aggregate_id, event.aggregate_version`,
    values: [
      aggregateType,
      ranges.map(({ aggregateId }) => aggregateId),
      ranges.map(({ first }) => first),
      ranges.map(({ last }) => last),
    ],
  })
  return rows
}
