import type { Queryable } from '../platform/postgres/pool.ts'

/** A notice as the ledger knows it. Whom it goes to stays here: an id alone. */
export interface NoticeOfEvent {
  readonly channel: string
  readonly template: string
  readonly recipient: string
  readonly status: 'pending' | 'sending' | 'sent'
  readonly attempts: number
  readonly lastError: string | null
  readonly createdAt: Date
  readonly sentAt: Date | null
}

/** What went out, or is to go out, on account of an event. */
export async function noticesOfEvent(db: Queryable, eventId: string): Promise<NoticeOfEvent[]> {
  const { rows } = await db.query<NoticeOfEvent>(
    `select channel, template, recipient, status, attempts, last_error as "lastError", created_at as "createdAt",
       sent_at as "sentAt"
     from notifications where event_id = $1 order by created_at`,
    [eventId],
  )
  return rows
}
