import { AppError } from '../platform/errors.ts'
import { newEvent, type Origin } from '../platform/log/new-event.ts'
import { positionOf } from '../platform/log/position-of.ts'
import { appendingTransaction, type Pool, type Queryable, withPostgres } from '../platform/postgres/pool.ts'
import { Turns } from '../platform/turns.ts'
import { findUserForUpdate, findUsers, writeUser } from './store.ts'
import {
  changePreferences,
  type Decision,
  type PreferenceChanges,
  type Profile,
  register,
  type User,
  type UserEvent,
  update,
} from './user.ts'

/** A user as a command left them. */
export interface WrittenUser {
  readonly user: User
  /** Whether the command registered them. */
  readonly isNew: boolean
  /** Of the event that brought the user to their version. */
  readonly position: number
}

/** Who acts, and in which request. */
export interface Command {
  /** A user id. */
  readonly by: string
  readonly origin: Origin
}

const maxInLine = 256
// Against writers of other processes: those of this one take turns.
const unlockedAttempts = 3

/**
 * The commands of users: each is decided by `user.ts` and written with its event in one statement, which is a
 * transaction of its own unless others write the same user all the time.
 */
export class UserWriter {
  readonly #db: Pool
  readonly #now: () => Date
  readonly #turns = new Turns({ maxLength: maxInLine })

  constructor({ db, now }: { db: Pool; now: () => Date }) {
    this.#db = db
    this.#now = now
  }

  /** Registers a user, or changes their profile; what is equal changes nothing. @throws {AppError} `unavailable` */
  put(userId: string, profile: Profile, command: Command): Promise<WrittenUser> {
    return this.#write(userId, command, (user, at) =>
      user ? update(user, profile, at) : register(userId, profile, at),
    )
  }

  /** @throws {AppError} `not_found` for a user who is not registered, `unavailable` */
  changePreferences(userId: string, changes: PreferenceChanges, command: Command): Promise<WrittenUser> {
    return this.#write(userId, command, (user, at) => {
      if (!user) throw userNotFound()
      return changePreferences(user, changes, at)
    })
  }

  #write(
    userId: string,
    command: Command,
    decide: (user: User | undefined, at: string) => Decision | null,
  ): Promise<WrittenUser> {
    const attempt = async (db: Queryable, user: User | undefined) => {
      const decision = decide(user, this.#now().toISOString())
      if (!decision)
        return (
          user && { user, isNew: false, position: await positionOf(db, 'User', user.user_id, user.version) }
        )
      const act = actOfAnother(decision, command)
      const position = await writeUser(db, decision.user, eventOf(decision, command), act)
      return position === null ? undefined : { user: decision.user, isNew: !user, position }
    }
    // One at a time for all users: they share their few connections with the batches of reviews.
    return this.#turns.take('users', () =>
      withPostgres(async () => {
        for (let nth = 1; nth <= unlockedAttempts; nth += 1) {
          const written = await attempt(this.#db, (await findUsers(this.#db, [userId])).get(userId))
          if (written) return written
        }
        const written = await appendingTransaction(this.#db, async (client) =>
          attempt(client, await findUserForUpdate(client, userId)),
        )
        if (!written) throw new AppError('unavailable', 'retryable', 'too many others register the same user')
        return written
      }),
    )
  }
}

export function userNotFound(): AppError {
  return new AppError('not_found', 'fatal', 'there is no such user')
}

/** What the audit keeps of an administrator: users who act for themselves are in the log alone. */
function actOfAnother({ user, event }: Decision, { by }: Command) {
  if (by === user.user_id) return null
  const fields = 'changed' in event.data ? { fields: event.data.changed.join(' ') } : {}
  return { actor: by, action: auditActions[event.event_type], details: fields }
}

const auditActions = {
  'user.registered.v1': 'user.registered',
  'user.updated.v1': 'user.updated',
  'user.preferences_changed.v1': 'user.preferences_changed',
} as const satisfies Record<UserEvent['event_type'], string>

function eventOf({ user, event }: Decision, { by, origin }: Command) {
  const { user_id: aggregateId, version, updated_at: at } = user
  return newEvent({ aggregateType: 'User', aggregateId, version, at, event, by }, origin)
}
