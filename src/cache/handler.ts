import { cacheKeys } from '../contracts/cache-keys.ts'
import { groups } from '../contracts/consumer-groups.ts'
import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { type Handler, ok } from '../platform/messaging/handler.ts'
import { type RedisClient, withRedis } from '../platform/redis/client.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import { PlantedKeys } from './planted-keys.ts'

const events = [reviewCreated, reviewUpdated, reviewDeleted] as const

/**
 * Clears what is cached of a review that changed. Lists are fenced at the event's position. Of the statistics only the
 * value is dropped, since analytics fences them when it has counted the event; a review by itself only others cache.
 */
export function cacheInvalidationHandler({
  redis,
  cache,
}: {
  redis: RedisClient
  cache: FencedCache
}): Handler<(typeof events)[number]> {
  const planted = new PlantedKeys(redis)
  return {
    group: groups.cache,
    events,
    async handle(batch, { signal }) {
      const fences = new Map<string, number>()
      const listKeys = new Set<string>()
      const dropped = new Set<string>()
      for (const { event, position } of batch) {
        const { review_id, entity_type: entityType, entity_id: entityId } = event.data
        const lists = cacheKeys.lists({ entityType, entityId })
        listKeys.add(lists)
        dropped.add(cacheKeys.stats({ entityType, entityId }))
        dropped.add(cacheKeys.review(review_id))
        fences.set(lists, Math.max(fences.get(lists) ?? 0, Number(position ?? 0)))
      }
      await cache.fence([...fences].map(([key, mark]) => ({ key, mark })))
      await withRedis(async () => {
        await unlinkAll(redis, [...dropped])
        await unlinkAll(redis, await planted.beyond(listKeys, signal))
      })
      return batch.map(() => ok)
    },
  }
}

async function unlinkAll(redis: RedisClient, keys: readonly string[]): Promise<void> {
  for (let begin = 0; begin < keys.length; begin += 1_000) {
    await redis.unlink(...keys.slice(begin, begin + 1_000))
  }
}
