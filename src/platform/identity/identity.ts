export const roles = ['moderator', 'admin', 'operator'] as const
export type Role = (typeof roles)[number]

/** Who calls, as a token or an API key proved it. */
export interface Identity {
  readonly kind: 'user' | 'api-key'
  /** The token's `sub`, or the id of the API key. */
  readonly subject: string
  readonly roles: ReadonlySet<Role>
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}
