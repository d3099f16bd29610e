import type { Queryable } from '../postgres/pool.ts'

/** What the holder of the lease knows: its epoch, and how far the log is published. */
export interface Lease {
  readonly epoch: number
  readonly position: number
}

const relay = 'kafka'

/** Takes the lease where nobody holds it; null where somebody does. The database's clock alone decides. */
export async function acquireLease(db: Queryable, holder: string, ttlMs: number): Promise<Lease | null> {
  const { rows } = await db.query<Lease>(
    `update relay set epoch = epoch + 1, holder = $2, lease_until = now() + $3 * interval '1 millisecond'
     where name = $1 and lease_until < now() returning epoch, position`,
    [relay, holder, ttlMs],
  )
  return rows[0] ?? null
}

/** Moves the cursor, never back, and renews the lease; false when another has taken it since. */
export async function advance(
  db: Queryable,
  epoch: number,
  position: number,
  ttlMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'relay.advance',
    text: `update relay set position = greatest(position, $3), lease_until = now() + $4 * interval '1 millisecond'
           where name = $1 and epoch = $2`,
    values: [relay, epoch, position, ttlMs],
  })
  return rowCount === 1
}

/** Saves the cursor and gives the lease up, so that a standby takes over at once. */
export async function releaseLease(db: Queryable, epoch: number, position: number): Promise<void> {
  await db.query(
    `update relay set position = greatest(position, $3), holder = null, lease_until = '-infinity'
     where name = $1 and epoch = $2`,
    [relay, epoch, position],
  )
}

/** The ids of the topics that were published to, as they were noted. */
export async function readTopicIds(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ topic_ids: Record<string, string> }>(
    'select topic_ids from relay where name = $1',
    [relay],
  )
  return new Map(Object.entries(rows[0]?.topic_ids ?? {}))
}

export async function noteTopicIds(
  db: Queryable,
  epoch: number,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  await db.query('update relay set topic_ids = $3 where name = $1 and epoch = $2', [
    relay,
    epoch,
    Object.fromEntries(ids),
  ])
}

/**
 * Sets the cursor back, to publish again what comes after a position, to whatever topics there are now. The new epoch
 * sees to it that a relay that is active does not move the cursor on from where it was.
 */
export async function rewind(db: Queryable, position: number): Promise<void> {
  await db.query(
    `update relay set position = least(position, $2), epoch = epoch + 1, holder = null, lease_until = '-infinity',
       topic_ids = '{}' where name = $1`,
    [relay, position],
  )
}
