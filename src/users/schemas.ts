import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { Id, LinePattern, Timestamp } from '../platform/http/fields.ts'

const UserId = Type.With(Id, { description: 'Your id of the user.' })

// An unquoted local part and the name of a host: what mail servers of today take. RFC 5321, section 4.5.3.1.
const Email = Type.String({
  format: 'email',
  maxLength: 254,
  pattern: '^[^@"]{1,64}@[^@\\[]+$',
  description: 'Where mail to the user goes, at most 254 characters. It never leaves in an event.',
})

const Name = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: 200,
  pattern: LinePattern,
  description: 'How mail addresses the user; none if absent or null.',
})

const Locale = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 35,
  pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$',
  description: "The user's language, a tag such as `de-CH` (BCP 47); none if absent or null.",
})

export const UserPath = Closed({ user_id: UserId })

export const PutUser = Closed(
  { email: Email, name: Type.Optional(Name), locale: Type.Optional(Locale) },
  { title: 'UserProfile', description: 'What is absent is cleared.' },
)

export const UserBody = Closed(
  {
    user_id: UserId,
    email: Email,
    name: Name,
    locale: Locale,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'User' },
)

const Wanted = Type.Boolean({ description: 'Whether the user wants this notice.' })

const notices = { review_created: Wanted, review_updated: Wanted, review_deleted: Wanted }

export const PutPreferences = Closed(
  {
    email: Type.Optional(
      Closed({
        review_created: Type.Optional(Wanted),
        review_updated: Type.Optional(Wanted),
        review_deleted: Type.Optional(Wanted),
      }),
    ),
  },
  { title: 'PreferenceChanges', description: 'What is absent stays as it is.' },
)

export const PreferencesBody = Closed({ email: Closed(notices) }, { title: 'Preferences' })
