import { noticeId } from '../../src/notifications/notice-id.ts'
import type { Pool } from '../../src/platform/postgres/pool.ts'
import type { Findings, LogEvent } from './check-log.ts'

export interface NoticesVerdict {
  readonly findings: Findings
  /** Mails that arrived again, with the `Message-ID` of the first. */
  readonly repeats: number
}

/** Each event's author got its mail, under the one `Message-ID` that follows from it; the ledger says so too. */
export async function checkNotices(
  pool: Pool,
  log: readonly LogEvent[],
  taken: ReadonlyMap<string, number>,
): Promise<NoticesVerdict> {
  const { rows } = await pool.query<{ id: string }>("select id from notifications where status = 'sent'")
  const sent = new Set(rows.map(({ id }) => id))
  const arrived = new Map([...taken].map(([messageId, times]) => [messageId.replace(/^<|@.*$/g, ''), times]))
  const findings: Findings = []
  let repeats = 0
  for (const event of log.filter(({ aggregate_type }) => aggregate_type === 'Review')) {
    const { user_id } = JSON.parse(event.data) as { user_id: string }
    const id = noticeId({ event: event.event_id }, user_id, 'email')
    const times = arrived.get(id) ?? 0
    if (times === 0) findings.push(`no mail for position ${event.position}, ${event.event_type}`)
    if (!sent.has(id)) findings.push(`the ledger has no sent notice for position ${event.position}`)
    repeats += Math.max(0, times - 1)
    arrived.delete(id)
  }
  for (const id of arrived.keys()) findings.push(`a mail that nobody asked for: ${id}`)
  return { findings, repeats }
}
