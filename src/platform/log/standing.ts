import type { Queryable } from '../postgres/pool.ts'

/** Where the log and its relay stand. */
export interface LogStanding {
  /** The position of the last event. */
  readonly head: number
  /** The position up to which the log is published. */
  readonly published: number
  /** Seconds since the oldest event that is not published happened; 0 when there is none. */
  readonly oldestAgeSeconds: number
  /** Who holds the relay's lease; null while nobody does. */
  readonly holder: string | null
  /** Events that no topic takes, and those that wait behind them. */
  readonly setAside: number
}

export async function readLogStanding(db: Queryable): Promise<LogStanding> {
  const { rows } = await db.query<LogStanding>({
    name: 'log.standing',
    text: `select head.position as head, relay.position as published,
        coalesce(greatest(extract(epoch from now() - oldest.occurred_at), 0), 0)::float8 as "oldestAgeSeconds",
        case when relay.lease_until > now() then relay.holder end as holder,
        (select count(*) from relay_set_aside) as "setAside"
      from relay cross join log_head as head
      left join events as oldest on oldest.position = relay.position + 1
      where relay.name = 'kafka'`,
  })
  const [standing] = rows
  if (!standing) throw new Error('the relay has no row')
  return standing
}
