import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { cacheMetrics } from './cache-metrics.ts'
import { type RedisClient, withRedis } from './client.ts'
import { fenceScript, fillScript, lookUpScript } from './fence-scripts.ts'
import { Flights } from './flights.ts'

/** What a reader answers, and how new it is: a mark only grows, and belongs to the snapshot that the body is from. */
export interface Loaded {
  readonly mark: number
  /** JSON text, exactly as it is answered. */
  readonly body: string
}

export interface CacheRead extends Loaded {
  readonly hit: boolean
}

/** Nothing about `key` that is older than `mark` may be kept from now on. */
export interface Fence {
  readonly key: string
  readonly mark: number
}

/** A cache that is never older than what it was told. */
export interface FencedCache {
  /**
   * The cached body, or what `load` gives, which then fills the cache unless a fence was raised above it meanwhile.
   * Without Redis it loads, and never fails for its sake. What is older than `atLeast` is not taken from the cache.
   */
  read(
    key: string,
    variant: string,
    load: () => Promise<Loaded>,
    options?: { atLeast?: number },
  ): Promise<CacheRead>
  /**
   * Raises fences, never lowers them, and drops what is older. Call it after the change is committed, and again
   * whenever it may not have been called: it bears repeating.
   * @throws {AppError} retryable, when Redis did not take it
   */
  fence(fences: readonly Fence[]): Promise<void>
}

interface Ticket {
  readonly window: number
  readonly epoch: string
}

export interface FencedCacheOptions {
  readonly redis: RedisClient
  /** What is kept longer than this goes, whatever became of the events that should have cleared it. */
  readonly ttlSeconds: number
  readonly metrics?: Registry
}

// A fence script blocks Redis while it runs.
const fencesAtOnce = 500
const maxBodyLength = 256 * 1024
const restMs = 500

export function createFencedCache({ redis, ttlSeconds, metrics }: FencedCacheOptions): FencedCache {
  const { reads, fills, fences: fencesRaised } = cacheMetrics(metrics ?? new Registry())
  const flights = new Flights<CacheRead>()
  let restsUntil = 0

  /** A hit, a ticket, or null from a Redis that is away. One that hangs costs one reader its timeout, not all. */
  async function lookUp(key: string, variant: string): Promise<Loaded | Ticket | null> {
    if (redis.status !== 'ready' || performance.now() < restsUntil) return null
    try {
      const answer = await lookUpScript(redis, [key], [randomUUID(), variant])
      const [hit, first, epoch] = answer as [1, string] | [0, number, string]
      return hit ? parseValue(first) : { window: first, epoch }
    } catch {
      restsUntil = performance.now() + restMs
      return null
    }
  }

  async function fill(key: string, variant: string, { mark, body }: Loaded, ticket: Ticket): Promise<void> {
    if (body.length > maxBodyLength) return
    try {
      const args = [ticket.epoch, ticket.window, variant, mark, body, ttlSeconds]
      const kept = await fillScript(redis, [key], args)
      fills.inc({ result: kept === 1 ? 'kept' : 'refused' })
    } catch {
      fills.inc({ result: 'error' })
    }
  }

  async function readThrough(key: string, variant: string, load: () => Promise<Loaded>): Promise<CacheRead> {
    const found = await lookUp(key, variant)
    reads.inc({ result: found === null ? 'error' : 'body' in found ? 'hit' : 'miss' })
    if (found && 'body' in found) return { ...found, hit: true }
    const loaded = await load()
    if (found) await fill(key, variant, loaded, found)
    return { ...loaded, hit: false }
  }

  return {
    async read(key, variant, load, { atLeast = 0 } = {}) {
      const read = await flights.join(`${key} ${variant}`, () => readThrough(key, variant, load))
      // The fence that will drop this hit is still on its way.
      return read.hit && read.mark < atLeast ? { ...(await load()), hit: false } : read
    },

    async fence(fences) {
      for (let begin = 0; begin < fences.length; begin += fencesAtOnce) {
        const some = fences.slice(begin, begin + fencesAtOnce)
        const keys = some.map(({ key }) => key)
        const marks = some.map(({ mark }) => mark)
        await withRedis(() => fenceScript(redis, keys, [randomUUID(), ...marks]))
        fencesRaised.inc(some.length)
      }
    },
  }
}

function parseValue(value: string): Loaded {
  const space = value.indexOf(' ')
  return { mark: Number(value.slice(0, space)), body: value.slice(space + 1) }
}
