import type { RedisClient } from '../platform/redis/client.ts'

/**
 * Keys that others keep of lists: those that begin with the key of one of these lists, and are not that key itself.
 * Redis has no index of its keys, so all are looked through: once, for however many lists.
 */
export async function keysBeyond(redis: RedisClient, listKeys: ReadonlySet<string>): Promise<string[]> {
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
