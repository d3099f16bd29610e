import type { Queryable } from '../postgres/pool.ts'

/** What of a group waits for another try. */
export interface WaitingRetries {
  readonly group: string
  readonly count: number
  /** Seconds since the one that waits longest was put there. */
  readonly oldestSeconds: number
  /** Seconds until the next is due; less than 0 when it is due already. */
  readonly nextInSeconds: number
}

export async function readWaitingRetries(db: Queryable): Promise<WaitingRetries[]> {
  const { rows } = await db.query<WaitingRetries>({
    name: 'retries.waiting',
    text: `select consumer_group as "group", count(*) as count,
        extract(epoch from now() - min(record_timestamp))::float8 as "oldestSeconds",
        extract(epoch from min(due_at) - now())::float8 as "nextInSeconds"
      from scheduled_retries group by consumer_group`,
  })
  return rows
}
