/** The consumer groups. Offsets, retries and dead letters are stored under these names for ever. */
export const groups = {
  notifications: 'notification-service',
  analytics: 'analytics-service',
  cache: 'cache-invalidation-service',
} as const

export type GroupName = (typeof groups)[keyof typeof groups]
