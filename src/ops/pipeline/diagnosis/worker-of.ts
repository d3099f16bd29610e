import { groups } from '../../../contracts/consumer-groups.ts'

/** The process that is a group's only member kind, by group. */
export const workerOf: Readonly<Record<string, string>> = {
  [groups.notifications]: 'notification-worker',
  [groups.analytics]: 'analytics-worker',
  [groups.cache]: 'cache-worker',
}
