import { setTimeout as sleep } from 'node:timers/promises'

export interface Backoff {
  readonly firstMs: number
  readonly mostMs: number
}

/** Doubles with each attempt, the first is 1, and is spread over its upper half so that the many do not come at once. */
export function backoffMs(attempt: number, { firstMs, mostMs }: Backoff, random = Math.random): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 40))
  return Math.round(full * (0.5 + random() / 2))
}

/** Resolves when the time is over or the signal aborts, whichever is first. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
