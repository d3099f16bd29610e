import type { IncomingRecord } from '../../platform/kafka/records.ts'
import { type Client, inTransaction, type Pool } from '../../platform/postgres/pool.ts'
import { type IndexedRecord, indexed, maxReplays } from './letter.ts'

/** Reads a partition outside any group. */
export interface LetterSource {
  /** Records from an offset on, at most so many; none at the end. */
  read(from: bigint, limit: number): Promise<readonly IncomingRecord[]>
}

const pageRecords = 500

/**
 * Brings the index to the end of `deadletter.queue`. Each page and the offset after it are one transaction, so that
 * a letter is indexed once whoever calls this, and however often. Returns how many records were new.
 */
export async function indexDeadLetters(pool: Pool, source: LetterSource): Promise<number> {
  for (let total = 0; ; ) {
    const count = await inTransaction(pool, (client) => indexPage(client, source))
    if (count === 0) return total
    total += count
  }
}

async function indexPage(client: Client, source: LetterSource): Promise<number> {
  const { rows } = await client.query<{ next_offset: string }>(
    'select next_offset::text from dead_letter_index for update',
  )
  const records = await source.read(BigInt(rows[0]?.next_offset ?? 0), pageRecords)
  const last = records.at(-1)
  if (!last) return 0
  for (const record of records.map(indexed)) {
    if (!(await cameBack(client, record))) await insert(client, record)
  }
  await client.query('update dead_letter_index set next_offset = $1', [String(last.offset + 1n)])
  return records.length
}

/** A replayed letter that failed again is open again, or quarantined once it had its replays. */
async function cameBack(client: Client, record: IndexedRecord): Promise<boolean> {
  if (record.replay_of === null) return false
  const { rowCount } = await client.query(
    `update dead_letters set record_offset = $2, error_code = $3, error_message = $4, error_pattern = $5,
       attempts = $6, failed_at = $7, changed_at = now(),
       state = case when state <> 'replayed' then state when replays >= $8 then 'quarantined' else 'open' end
     where letter_id = $1`,
    [
      record.replay_of,
      record.record_offset,
      record.error_code,
      record.error_message,
      record.error_pattern,
      record.attempts,
      record.failed_at,
      maxReplays,
    ],
  )
  if (rowCount === 0) return false
  await client.query(
    `update replay_letters set outcome = 'failed', detail = $2, changed_at = now()
     where letter_id = $1 and outcome in ('pending', 'sent')
       and replay_id = (select claimed_by from dead_letters where letter_id = $1)`,
    [record.replay_of, `${record.error_code}: ${record.error_message}`],
  )
  return true
}

/** A record that failed in the same group before is the same letter; one that was dealt with is open again. */
async function insert(client: Client, record: IndexedRecord): Promise<void> {
  const { replay_of: _, ...row } = record
  const columns = Object.keys(row)
  await client.query(
    `insert into dead_letters (letter_id, state, ${columns.join(', ')})
     values ($1, 'open', ${columns.map((_, index) => `$${index + 1}`).join(', ')})
     on conflict (consumer_group, original_topic, original_partition, original_offset) do update set
       record_offset = excluded.record_offset, error_code = excluded.error_code,
       error_message = excluded.error_message, error_pattern = excluded.error_pattern,
       failed_at = excluded.failed_at, changed_at = now(),
       state = case when dead_letters.state = 'resolved' then 'open' else dead_letters.state end`,
    Object.values(row),
  )
}
