import { setTimeout as sleep } from 'node:timers/promises'

/** Of so many items a round is load. Fewer are dealt with at once, so a lone one never waits for company. */
const fromItems = 4
const leastMs = 30
const mostMs = 100
const msPerItem = 0.4

/**
 * Resolves when the next round of work may begin. What a round costs by itself, in every process that it passes
 * through, is far more than what an item adds to it; so under load a round begins no sooner than 30 ms after the last
 * one began, and the later the more that one carried, up to 100 ms. A round that was full has the next one waiting
 * behind it, and is followed at once.
 *
 * @param begun when the last round began, by `performance.now()`
 */
export async function pace(begun: number, round: Round): Promise<void> {
  const restMs = begun + roundMs(round) - performance.now()
  if (restMs > 0) await sleep(restMs)
}

/** What the last round carried, and what it could have carried at most. */
interface Round {
  readonly items: number
  readonly most: number
}

/** From the beginning of a round to that of the next, at least. */
export function roundMs({ items, most }: Round): number {
  return items < fromItems || items >= most ? 0 : Math.min(mostMs, leastMs + items * msPerItem)
}
