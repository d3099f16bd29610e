const workers: Readonly<Record<string, string>> = {
  'notification-service': 'notification-worker',
  'analytics-service': 'analytics-worker',
  'cache-invalidation-service': 'cache-worker',
}

/** The part of the local stack that is a group's member; null for a group that is not ours. */
export function workerOf(group: string): string | null {
  return workers[group] ?? null
}
