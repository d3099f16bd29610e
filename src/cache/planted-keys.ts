import { setTimeout as pause } from 'node:timers/promises'
import type { RedisClient } from '../platform/redis/client.ts'

/** A search that took so long is followed by a rest nine times as long, up to a second. */
const restFactor = 9
const mostRestMs = 1_000

/**
 * Looks for keys that others keep of lists: those that begin with the key of a list, and are not that key itself.
 * Redis has no index of its keys, so all are looked through: once for however many lists, and in a tenth of the time
 * at most, so that a Redis with many keys has time for others too.
 */
export class PlantedKeys {
  readonly #redis: RedisClient
  #restUntil = Number.NEGATIVE_INFINITY

  constructor(redis: RedisClient) {
    this.#redis = redis
  }

  /** Keys beyond those of these lists. An abort ends the rest before it. */
  async beyond(listKeys: ReadonlySet<string>, signal: AbortSignal): Promise<string[]> {
    const restMs = this.#restUntil - performance.now()
    if (restMs > 0) await pause(restMs, undefined, { signal }).catch(() => undefined)
    const begun = performance.now()
    const found = await search(this.#redis, listKeys)
    const ended = performance.now()
    this.#restUntil = ended + Math.min(mostRestMs, restFactor * (ended - begun))
    return found
  }
}

async function search(redis: RedisClient, listKeys: ReadonlySet<string>): Promise<string[]> {
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', 'reviews:*:all*', 'COUNT', 1_000)
    for (const key of keys) if (!listKeys.has(key) && listKeys.has(listKeyOf(key))) found.add(key)
    cursor = next
  } while (cursor !== '0')
  return [...found]
}

/** The list key that such a key begins with. Its parts hold no colon, since they are percent-encoded. */
function listKeyOf(key: string): string {
  const [reviews, entityType, entityId] = key.split(':', 3)
  return `${reviews}:${entityType}:${entityId}:all`
}
