import { type Queryable, withPostgres } from '../platform/postgres/pool.ts'
import type { Notice } from './notice.ts'
import type { Channel } from './notice-id.ts'

// The table `notifications`. All times are the database's: a worker's clock may be wrong.

/** How long a notice belongs to whoever claimed it. */
export const leaseMs = 30_000

/**
 * Claims the notices that are new, waiting, or left behind by a holder whose lease is over. Returns the ids of those
 * that are now the holder's; the others are sent, or someone else is sending them.
 */
export async function claim(db: Queryable, holder: string, notices: readonly Notice[]): Promise<Set<string>> {
  if (notices.length === 0) return new Set()
  const { rows } = await withPostgres(() =>
    db.query<{ id: string }>({
      name: 'notifications.claim',
      // Rows are taken in a fixed order, so that two workers cannot block one another.
      text: `
        insert into notifications as n
          (id, event_id, recipient, channel, template, status, holder, lease_until)
        select id, event_id, recipient, channel, template, 'sending', $1, now() + $2 * interval '1 ms'
        from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[])
          as new (id, event_id, recipient, channel, template)
        order by id
        on conflict (id) do update
          set status = 'sending', holder = excluded.holder, lease_until = excluded.lease_until
          where n.status = 'pending' or (n.status = 'sending' and n.lease_until < now())
        returning id`,
      values: [
        holder,
        leaseMs,
        notices.map(({ id }) => id),
        notices.map(({ eventId }) => eventId),
        notices.map(({ recipient }) => recipient),
        notices.map(({ channel }) => channel),
        notices.map(({ template }) => template),
      ],
    }),
  )
  return new Set(rows.map(({ id }) => id))
}

export interface Standing {
  readonly id: string
  readonly channel: Channel
  readonly sent: boolean
  /** How long whoever is sending it still may; 0 when nobody is. */
  readonly leaseRestMs: number
}

export async function standingOf(db: Queryable, ids: readonly string[]): Promise<Standing[]> {
  if (ids.length === 0) return []
  const { rows } = await withPostgres(() =>
    db.query<Standing>({
      name: 'notifications.standing_of',
      text: `
        select id, channel, status = 'sent' as sent,
          coalesce(greatest(0, ceil(1000 * extract(epoch from lease_until - now()))), 0)::int as "leaseRestMs"
        from notifications
        where id = any($1::uuid[])`,
      values: [ids],
    }),
  )
  return rows
}

/** Notes that these went out, whoever holds them by now: it is true all the same. */
export async function storeSent(db: Queryable, ids: readonly string[]): Promise<void> {
  await withPostgres(() =>
    db.query({
      name: 'notifications.store_sent',
      text: `
        update notifications
        set status = 'sent', sent_at = now(), holder = null, lease_until = null
        where id = any($1::uuid[]) and status <> 'sent'`,
      values: [ids],
    }),
  )
}

export interface Release {
  readonly id: string
  readonly holder: string
  /** Why the attempt failed; null when there was none. */
  readonly errorCode: string | null
}

/** Gives notices back that were not sent, unless someone else has taken them over. */
export async function release(db: Queryable, releases: readonly Release[]): Promise<void> {
  await withPostgres(() =>
    db.query({
      name: 'notifications.release',
      text: `
        update notifications n
        set status = 'pending', holder = null, lease_until = null,
          attempts = n.attempts + (r.error_code is not null)::int,
          last_error = coalesce(r.error_code, n.last_error)
        from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (id, holder, error_code)
        where n.id = r.id and n.holder = r.holder`,
      values: [
        releases.map(({ id }) => id),
        releases.map(({ holder }) => holder),
        releases.map(({ errorCode }) => errorCode),
      ],
    }),
  )
}
