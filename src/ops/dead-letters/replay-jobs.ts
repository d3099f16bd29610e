import { randomUUID } from 'node:crypto'
import { inTransaction, type Pool, type Queryable } from '../../platform/postgres/pool.ts'
import { inWords, type Letter, type LetterFilter, listLetters, matches, parametersOf } from './letters.ts'

export type ReplayState = 'running' | 'paused' | 'cancelled' | 'done'

export interface ReplayJob {
  readonly replay_id: string
  readonly state: ReplayState
  readonly rate_per_second: number
  readonly created_by: string
  readonly created_at: Date
  readonly finished_at: Date | null
  /** Letters by what became of them. */
  readonly pending: number
  readonly sent: number
  readonly resolved: number
  readonly failed: number
  readonly skipped: number
}

export interface ReplayRequest {
  readonly filter: LetterFilter
  readonly maxLetters: number
  readonly ratePerSecond: number
  readonly createdBy: string
}

/**
 * Writes down what is to be sent again, and in the audit who wants it; a runner does it. Only open letters are taken.
 */
export async function createReplay(db: Queryable, request: ReplayRequest): Promise<string> {
  const { filter, maxLetters, ratePerSecond, createdBy } = request
  const replayId = randomUUID()
  await db.query(
    `with made as (
       insert into replays (replay_id, state, selection, rate_per_second, created_by)
       values ($8, 'running', $9, $10, $11)
     ),
     taken as (
       insert into replay_letters (replay_id, letter_id)
       select $8, letter_id from dead_letters where ${matches} order by letter_id limit $12
       returning letter_id
     )
     select append_audit($11, 'replay.created', $13, jsonb_build_object(
       'replay_id', $8::uuid, 'letters', (select count(*) from taken)
     ))`,
    [
      ...parametersOf({ ...filter, state: 'open' }),
      replayId,
      filter,
      ratePerSecond,
      createdBy,
      maxLetters,
      inWords(filter),
    ],
  )
  return replayId
}

const jobs = `
  select replay_id, state, rate_per_second, created_by, created_at, finished_at,
    count(*) filter (where outcome = 'pending') as pending, count(*) filter (where outcome = 'sent') as sent,
    count(*) filter (where outcome = 'resolved') as resolved, count(*) filter (where outcome = 'failed') as failed,
    count(*) filter (where outcome = 'skipped') as skipped
  from replays left join replay_letters using (replay_id)`

export async function findReplay(db: Queryable, replayId: string): Promise<ReplayJob | null> {
  const { rows } = await db.query<ReplayJob>(`${jobs} where replay_id = $1 group by replay_id`, [replayId])
  return rows[0] ?? null
}

/** Newest first. */
export async function listReplays(db: Queryable, limit: number): Promise<ReplayJob[]> {
  const { rows } = await db.query<ReplayJob>(`${jobs} group by replay_id order by created_at desc limit $1`, [
    limit,
  ])
  return rows
}

const allowedFrom: Record<Exclude<ReplayState, 'done'>, readonly ReplayState[]> = {
  running: ['paused'],
  paused: ['running'],
  cancelled: ['running', 'paused'],
}

/**
 * Pauses, resumes or cancels, and notes in the audit who did; false when the job is not in a state that allows it.
 * What was sent stays sent.
 */
export async function changeReplay(
  db: Queryable,
  replayId: string,
  to: Exclude<ReplayState, 'done'>,
  actor: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with changed as (
       update replays set state = $2, finished_at = case when $2 = 'cancelled' then now() end
       where replay_id = $1 and state = any($3) returning replay_id
     ),
     skipped as (
       update replay_letters set outcome = 'skipped', detail = 'cancelled', changed_at = now()
       from changed where replay_letters.replay_id = changed.replay_id and outcome = 'pending' and $2 = 'cancelled'
     )
     select append_audit($4, 'replay.' || $2, replay_id::text, '{}') from changed`,
    [replayId, to, allowedFrom[to], actor],
  )
  return rowCount === 1
}

/** Takes a running job that nobody works on, or this one; null where there is none. */
export async function takeReplay(db: Queryable, runner: string, leaseMs: number): Promise<ReplayJob | null> {
  const { rows } = await db.query<{ replay_id: string }>(
    `update replays set runner = $1, lease_until = now() + $2 * interval '1 millisecond'
     where replay_id = (
       select replay_id from replays where state = 'running' and (lease_until < now() or runner = $1)
       order by created_at limit 1 for update skip locked
     ) returning replay_id`,
    [runner, leaseMs],
  )
  return rows[0] ? findReplay(db, rows[0].replay_id) : null
}

/**
 * The next letters of a job, marked as replayed before they are sent. One that is not open any more, since another
 * job has it or somebody discarded it, is skipped. One that was marked and perhaps not sent, when its runner died,
 * comes again: the effect absorbs a repeat. Null when nothing of the job is left.
 */
export async function claimLetters(pool: Pool, replayId: string, limit: number): Promise<Letter[] | null> {
  return inTransaction(pool, async (client) => {
    const { rows: due } = await client.query<{ letter_id: string }>(
      `select letter_id::text from replay_letters where replay_id = $1 and outcome = 'pending'
       order by letter_id limit $2 for update`,
      [replayId, limit],
    )
    if (due.length === 0) return null
    const ids = due.map(({ letter_id }) => letter_id)
    await client.query(
      `update dead_letters set state = 'replayed', replays = replays + 1, claimed_by = $2, changed_at = now()
       where letter_id = any($1::bigint[]) and state = 'open'`,
      [ids, replayId],
    )
    await client.query(
      `update replay_letters set outcome = 'skipped', detail = 'was not open any more', changed_at = now()
       where replay_id = $2 and letter_id = any($1::bigint[]) and not exists (
         select from dead_letters as letter
         where letter.letter_id = replay_letters.letter_id and state = 'replayed' and claimed_by = $2)`,
      [ids, replayId],
    )
    const { rows: mine } = await client.query<{ letter_id: number }>(
      `select letter_id from replay_letters
       where replay_id = $2 and letter_id = any($1::bigint[]) and outcome = 'pending'`,
      [ids, replayId],
    )
    return listLetters(client, { letterIds: mine.map(({ letter_id }) => letter_id) }, limit)
  })
}

export async function markSent(db: Queryable, replayId: string, letterIds: readonly number[]): Promise<void> {
  await db.query(
    `update replay_letters set outcome = 'sent', changed_at = now()
     where replay_id = $1 and letter_id = any($2::bigint[]) and outcome = 'pending'`,
    [replayId, letterIds],
  )
}

/** A letter that was claimed and cannot be sent is open again, and no replay of it was made. */
export async function refuseLetter(
  db: Queryable,
  replayId: string,
  letterId: number,
  reason: string,
): Promise<void> {
  await db.query(
    `with refused as (
       update dead_letters set state = 'open', replays = replays - 1, changed_at = now()
       where letter_id = $2 and state = 'replayed' and claimed_by = $1
     )
     update replay_letters set outcome = 'failed', detail = $3, changed_at = now()
     where replay_id = $1 and letter_id = $2 and outcome = 'pending'`,
    [replayId, letterId, reason],
  )
}

/** A job is done when nothing of it is pending; what was sent may still be on its way. */
export async function finishReplay(db: Queryable, replayId: string): Promise<void> {
  await db.query(
    "update replays set state = 'done', finished_at = now() where replay_id = $1 and state = 'running'",
    [replayId],
  )
}
