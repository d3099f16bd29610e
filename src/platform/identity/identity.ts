export const roles = ['moderator', 'admin', 'operator'] as const
export type Role = (typeof roles)[number]

/** What an API key may do. */
export const scopes = [
  'reviews:write',
  'users:write',
  'entities:write',
  'analytics:write',
  'metrics:read',
] as const
export type Scope = (typeof scopes)[number]

/** Who calls, as a token proved it, or an API key. */
export type Identity =
  | {
      readonly kind: 'user'
      /** The token's `sub`: a user id. */
      readonly subject: string
      readonly roles: ReadonlySet<Role>
      /** From when on the token proves nothing, in milliseconds since 1970. */
      readonly expiresAt: number
    }
  | {
      readonly kind: 'api-key'
      /** The id of the key. */
      readonly subject: string
      readonly scopes: ReadonlySet<Scope>
    }

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

export function isScope(value: unknown): value is Scope {
  return scopes.some((scope) => scope === value)
}

/** 1 to 200 characters of any script, none of them a control character, as everywhere in the API. */
export function isUserId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > 400) return false
  return [...value].length <= 200 && value.isWellFormed() && !/\p{Cc}/u.test(value)
}
