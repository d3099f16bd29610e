import type { AuditAct } from '../platform/audit/audit.ts'
import { appendParameters, appendWritten, type NewEvent } from '../platform/log/append.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { defaultPreferences, type Preferences, type User } from './user.ts'

interface Row extends Omit<User, 'created_at' | 'updated_at' | 'preferences'> {
  readonly created_at: Date
  readonly updated_at: Date
  readonly preferences: { readonly email?: Partial<Preferences['email']> }
}

const columns = 'user_id, email, name, locale, preferences, version, created_at, updated_at'

/** The users among these ids, by id. */
export async function findUsers(db: Queryable, userIds: readonly string[]): Promise<Map<string, User>> {
  const { rows } = await db.query<Row>({
    name: 'users.find',
    text: `select ${columns} from users where user_id = any($1::text[])`,
    values: [userIds],
  })
  return new Map(rows.map((row) => [row.user_id, toUser(row)]))
}

/** One user, held by the transaction: nobody else changes them until that ends. */
export async function findUserForUpdate(client: Queryable, userId: string): Promise<User | undefined> {
  const { rows } = await client.query<Row>({
    name: 'users.find_for_update',
    text: `select ${columns} from users where user_id = $1 for update`,
    values: [userId],
  })
  return rows[0] && toUser(rows[0])
}

function toUser(row: Row): User {
  return {
    ...row,
    preferences: { email: { ...defaultPreferences.email, ...row.preferences.email } },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/**
 * Writes the user's new state and its event in one statement, over the version before it, and where somebody else acts
 * than the user the entry of the audit. Returns the event's position; null when somebody else wrote that version first.
 */
export async function writeUser(
  db: Queryable,
  user: User,
  event: NewEvent,
  act: Pick<AuditAct, 'actor' | 'action' | 'details'> | null,
): Promise<number | null> {
  const { rows } = await db.query<{ position: number }>({
    name: 'users.write',
    text: `
      with written as (
        insert into users (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (user_id) do update set email = excluded.email, name = excluded.name, locale = excluded.locale,
          preferences = excluded.preferences, version = excluded.version, updated_at = excluded.updated_at
        where users.version = excluded.version - 1
        returning user_id as aggregate_id
      ), ${appendWritten(12)},
      audited as materialized (
        select append_audit($9, $10, aggregate_id, $11) from appended where $9::text is not null
      )
      select position from appended cross join announced
      -- Never false: it makes sure that the entry is written.
      where (select count(*) from audited) >= 0`,
    values: [
      user.user_id,
      user.email,
      user.name,
      user.locale,
      user.preferences,
      user.version,
      user.created_at,
      user.updated_at,
      act?.actor ?? null,
      act?.action ?? null,
      act?.details ?? null,
      ...appendParameters([event]),
    ],
  })
  return rows[0]?.position ?? null
}
