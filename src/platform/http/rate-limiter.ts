import { every } from '../every.ts'
import type { AddToCounts } from '../redis/shared-counts.ts'

/** What is left of a limit, once a request was counted. */
export interface Allowance {
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until the count begins anew. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

export interface RateLimiterOptions {
  /** Where the instances of the API add up their counts. */
  readonly addToCounts: AddToCounts
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}

interface Count {
  /** What the others and we had shared, when we last did. */
  shared: number
  /** What we have not shared yet. */
  own: number
}

const windowMs = 60_000
const shareEveryMs = 100
const maxCounts = 100_000
const maxShared = 2_000

/**
 * Counts requests in windows of a minute, by whoever makes them.
 *
 * The decision is made here, from what all instances together had counted a moment ago: no request ever waits for
 * Redis, and without it each instance goes on with its own count. In exchange the instances may let through what
 * comes within a tenth of a second too much. A sum whose answer gets lost is added again: then the limit of that
 * minute is a little lower.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions
  #counts = new Map<string, Count>()
  /** Who was counted since we shared. */
  #unshared = new Set<string>()
  #window = 0
  #sharing: { stop(): Promise<void> } | null = null

  constructor(options: RateLimiterOptions) {
    this.#options = options
  }

  start(): void {
    this.#sharing ??= every(shareEveryMs, () => this.share(), this.#options.onError)
  }

  async stop(): Promise<void> {
    await this.#sharing?.stop()
    this.#sharing = null
  }

  /** Counts a request of `who`, unless the limit is reached. */
  take(who: string, limit: number): Allowance {
    const now = this.#options.now().getTime()
    this.#turnTo(Math.floor(now / windowMs))
    const count = this.#countOf(who)
    const exceeded = count.shared + count.own >= limit
    if (!exceeded) {
      count.own += 1
      this.#unshared.add(who)
    }
    return {
      limit,
      remaining: Math.max(0, limit - count.shared - count.own),
      resetSeconds: Math.ceil(((this.#window + 1) * windowMs - now) / 1_000),
      exceeded,
    }
  }

  /** Adds what was counted here to what all have counted. */
  async share(): Promise<void> {
    // A new minute begins with new ones.
    const [window, counts, unshared] = [this.#window, this.#counts, this.#unshared]
    const keyOf = (who: string) => `rate:${window}:${who}`
    const shared = [...unshared].slice(0, maxShared)
    const ownOf = (who: string) => counts.get(who)?.own ?? 0
    if (shared.length === 0) return
    const additions = new Map(shared.map((who) => [keyOf(who), ownOf(who)]))
    const totals = await this.#options.addToCounts(additions, 2 * windowMs)
    for (const who of shared) {
      const count = counts.get(who)
      if (count) {
        count.own -= additions.get(keyOf(who)) ?? 0
        count.shared = totals.get(keyOf(who)) ?? count.shared
      }
      if (ownOf(who) === 0) unshared.delete(who)
    }
  }

  #turnTo(window: number): void {
    if (window === this.#window) return
    this.#window = window
    this.#counts = new Map()
    this.#unshared = new Set()
  }

  #countOf(who: string): Count {
    const known = this.#counts.get(who)
    if (known) return known
    const [oldest] = this.#counts.size < maxCounts ? [] : this.#counts.keys()
    if (oldest !== undefined) this.#counts.delete(oldest)
    const count = { shared: 0, own: 0 }
    this.#counts.set(who, count)
    return count
  }
}
