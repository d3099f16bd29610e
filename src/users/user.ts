import type { EventOf } from '../contracts/event.ts'
import type { userPreferencesChanged } from '../contracts/events/user-preferences-changed.ts'
import type { userRegistered } from '../contracts/events/user-registered.ts'
import type { userUpdated } from '../contracts/events/user-updated.ts'

/** Notices that a user can switch off. */
export const notices = ['review_created', 'review_updated', 'review_deleted'] as const
export type Notice = (typeof notices)[number]

export interface Preferences {
  readonly email: Readonly<Record<Notice, boolean>>
}

/** Any of the preferences; what is absent stays. */
export interface PreferenceChanges {
  readonly email?: Readonly<Partial<Record<Notice, boolean>>>
}

export interface Profile {
  readonly email: string
  readonly name: string | null
  readonly locale: string | null
}

export interface User extends Profile {
  readonly user_id: string
  readonly preferences: Preferences
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
}

export type UserEvent =
  | Pick<EventOf<typeof userRegistered>, 'event_type' | 'data'>
  | Pick<EventOf<typeof userUpdated>, 'event_type' | 'data'>
  | Pick<EventOf<typeof userPreferencesChanged>, 'event_type' | 'data'>

export interface Decision {
  readonly user: User
  readonly event: UserEvent
}

/** A user is told of everything until they say otherwise. */
export const defaultPreferences: Preferences = {
  email: { review_created: true, review_updated: true, review_deleted: true },
}

const fields = ['email', 'name', 'locale'] as const

export function register(userId: string, profile: Profile, at: string): Decision {
  const user = {
    user_id: userId,
    ...profile,
    preferences: defaultPreferences,
    version: 1,
    created_at: at,
    updated_at: at,
  }
  const changed = fields.filter((field) => profile[field] !== null)
  return { user, event: { event_type: 'user.registered.v1', data: { user_id: userId, changed } } }
}

/** Null when nothing would change. */
export function update(user: User, profile: Profile, at: string): Decision | null {
  const changed = fields.filter((field) => profile[field] !== user[field])
  if (changed.length === 0) return null
  return {
    user: { ...next(user, at), ...profile },
    event: { event_type: 'user.updated.v1', data: { user_id: user.user_id, changed } },
  }
}

/** Null when nothing would change. */
export function changePreferences(
  user: User,
  { email = {} }: PreferenceChanges,
  at: string,
): Decision | null {
  const changed = notices.filter(
    (notice) => email[notice] !== undefined && email[notice] !== user.preferences.email[notice],
  )
  if (changed.length === 0) return null
  return {
    user: { ...next(user, at), preferences: { email: { ...user.preferences.email, ...email } } },
    event: {
      event_type: 'user.preferences_changed.v1',
      data: { user_id: user.user_id, changed: changed.map((notice) => `email.${notice}`) },
    },
  }
}

function next(user: User, at: string): User {
  return { ...user, version: user.version + 1, updated_at: at > user.updated_at ? at : user.updated_at }
}
