/** The processes of TheReview, by the names of their files, commands, log lines and parts of the local stack. */
export const serviceNames = [
  'api',
  'relay',
  'notification-worker',
  'analytics-worker',
  'cache-worker',
  'ops',
] as const

export type ServiceName = (typeof serviceNames)[number]
