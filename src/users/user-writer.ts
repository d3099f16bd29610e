import { AppError } from '../platform/errors.ts'
import { newEvent, type Origin } from '../platform/log/new-event.ts'
import { positionOf } from '../platform/log/position-of.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { Turns } from '../platform/turns.ts'
import { findUsers, writeUser } from './store.ts'
import {
  changePreferences,
  type Decision,
  type PreferenceChanges,
  type Profile,
  register,
  type User,
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
const attempts = 20

/** The commands of users: each is decided by `user.ts` and written with its event in one statement. */
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
    // One at a time for all users: they share their few connections with the batches of reviews.
    return this.#turns.take('users', () =>
      withPostgres(async () => {
        for (let attempt = 1; attempt <= attempts; attempt += 1) {
          const found = (await findUsers(this.#db, [userId])).get(userId)
          const decision = decide(found, this.#now().toISOString())
          if (!decision && found)
            return { user: found, isNew: false, position: await this.#positionOf(found) }
          if (!decision) break
          const position = await writeUser(this.#db, decision.user, eventOf(decision, command))
          if (position !== null) return { user: decision.user, isNew: !found, position }
        }
        throw new AppError('unavailable', 'retryable', 'too many others write the same user')
      }),
    )
  }

  #positionOf({ user_id, version }: User): Promise<number> {
    return positionOf(this.#db, 'User', user_id, version)
  }
}

export function userNotFound(): AppError {
  return new AppError('not_found', 'fatal', 'there is no such user')
}

function eventOf({ user, event }: Decision, { by, origin }: Command) {
  const { user_id: aggregateId, version, updated_at: at } = user
  return newEvent({ aggregateType: 'User', aggregateId, version, at, event, by }, origin)
}
