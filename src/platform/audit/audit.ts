import type { Queryable } from '../postgres/pool.ts'

/** An administrative act. Ids alone: no addresses, no content, no secrets. */
export interface AuditAct {
  /** The user or API key that acted; `local` where nobody has to say who they are. */
  readonly actor: string
  /** What was done, such as `api_key.revoked`. */
  readonly action: string
  readonly target: string
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditEntry extends Required<AuditAct> {
  readonly number: number
  readonly occurred_at: Date
}

/** Appends to the chain, inside the caller's transaction where it has one. Returns the number of the entry. */
export async function appendAudit(
  db: Queryable,
  { actor, action, target, details = {} }: AuditAct,
): Promise<number> {
  const { rows } = await db.query<{ number: number }>('select append_audit($1, $2, $3, $4) as number', [
    actor,
    action,
    target,
    details,
  ])
  return rows[0]?.number ?? 0
}

/** The newest entries, newest first, before a number where one is given. */
export async function listAudit(
  db: Queryable,
  limit: number,
  before: number | null = null,
): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    `select number, occurred_at, actor, action, target, details from audit
     where $2::bigint is null or number < $2 order by number desc limit $1`,
    [limit, before],
  )
  return rows
}

export interface AuditVerdict {
  readonly entries: number
  /** The number of the first entry that was changed, or stands where one was removed; null when the chain holds. */
  readonly brokenAt: number | null
}

/** Recomputes the whole chain, up to its head. */
export async function verifyAudit(db: Queryable): Promise<AuditVerdict> {
  const { rows } = await db.query<AuditVerdict>(
    `with links as (
       select entry.number,
         entry.hash = audit_hash(entry)
           and entry.number = row_number() over w
           and entry.previous_hash = coalesce(lag(entry.hash) over w, sha256('thereview audit')) as holds
       from audit as entry window w as (order by entry.number)
     ), last as (
       select coalesce(max(number), 0) as number, count(*) as entries from audit
     )
     select last.entries, coalesce(
       (select min(number) from links where not holds),
       (select last.number + 1 from audit_head as head where head.number <> last.number
          or (last.number > 0 and head.hash <> (select hash from audit where number = last.number)))
     ) as "brokenAt" from last`,
  )
  return rows[0] ?? { entries: 0, brokenAt: null }
}
