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

function toUser(row: Row): User {
  return {
    ...row,
    preferences: { email: { ...defaultPreferences.email, ...row.preferences.email } },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/**
 * Writes the user's new state and its event in one statement, over the version before it. Returns the event's
 * position; null when somebody else wrote that version first.
 */
export async function writeUser(db: Queryable, user: User, event: NewEvent): Promise<number | null> {
  const { rows } = await db.query<{ position: number }>({
    name: 'users.write',
    text: `
      with written as (
        insert into users (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (user_id) do update set email = excluded.email, name = excluded.name, locale = excluded.locale,
          preferences = excluded.preferences, version = excluded.version, updated_at = excluded.updated_at
        where users.version = excluded.version - 1
        returning user_id as aggregate_id
      ), ${appendWritten(9)}
      select position from appended cross join announced`,
    values: [
      user.user_id,
      user.email,
      user.name,
      user.locale,
      user.preferences,
      user.version,
      user.created_at,
      user.updated_at,
      ...appendParameters([event]),
    ],
  })
  return rows[0]?.position ?? null
}
