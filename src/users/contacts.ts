import { type Queryable, withPostgres } from '../platform/postgres/pool.ts'
import { findUsers } from './store.ts'
import { type Notice, notices } from './user.ts'

/** How a registered user is reached, and what they do not want to hear of. */
export interface RegisteredContact {
  readonly email: string
  readonly name?: string
  readonly locale?: string
  readonly muted: ReadonlySet<Notice>
}

/** Of those of these users who are registered. @throws {AppError} `unavailable` */
export async function findContacts(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, RegisteredContact>> {
  const users = await withPostgres(() => findUsers(db, userIds))
  return new Map(
    [...users].map(([userId, { email, name, locale, preferences }]) => [
      userId,
      {
        email,
        ...(name !== null && { name }),
        ...(locale !== null && { locale }),
        muted: new Set(notices.filter((notice) => !preferences.email[notice])),
      },
    ]),
  )
}
