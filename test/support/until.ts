import { setTimeout as pause } from 'node:timers/promises'

/** The first truthy answer of `probe`, which is asked again and again; fails with what was waited for when it is late. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { timeoutMs = 20_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  while (performance.now() < deadline) {
    try {
      const answer = await probe()
      if (answer) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await pause(everyMs)
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: lastError })
}
