import { setTimeout as pause } from 'node:timers/promises'

export interface Pulse {
  /** The longest that a review took from the first try to post it until its statistic showed it, in milliseconds. */
  readonly worstMs: number
  stop(): Promise<void>
}

/**
 * Posts one review after another and waits for each to be visible in its statistics: what a user sees of a fault.
 */
export function startPulse(apiUrl: string, run: string): Pulse {
  const stopping = new AbortController()
  const state = { worstMs: 0 }
  const beating = beat(apiUrl, run, state, stopping.signal)
  return {
    get worstMs() {
      return state.worstMs
    },
    async stop() {
      stopping.abort()
      await beating
    },
  }
}

async function beat(
  apiUrl: string,
  run: string,
  state: { worstMs: number },
  signal: AbortSignal,
): Promise<void> {
  for (let n = 1; !signal.aborted; n++) {
    const begun = performance.now()
    await retry(() => post(apiUrl, run, n), signal)
    await retry(() => isVisible(apiUrl, run, n), signal)
    state.worstMs = Math.max(state.worstMs, performance.now() - begun)
    await pause(50)
  }
}

async function retry(attempt: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (await attempt().catch(() => false)) return
    await pause(10)
  }
}

async function post(apiUrl: string, run: string, n: number): Promise<boolean> {
  const answer = await fetch(`${apiUrl}/api/v1/reviews`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      entity_type: 'pulse',
      entity_id: run,
      user_id: `${run}-pulse-${n}`,
      rating: 3,
      content: 'A pulse',
    }),
    signal: AbortSignal.timeout(2_000),
  })
  // 409: the try before this one was stored, and its answer was lost.
  return answer.status === 201 || answer.status === 409
}

async function isVisible(apiUrl: string, run: string, count: number): Promise<boolean> {
  const answer = await fetch(`${apiUrl}/api/v1/entities/pulse/${run}/stats`, {
    signal: AbortSignal.timeout(2_000),
  })
  const stats = (await answer.json()) as { count: number }
  return stats.count >= count
}
