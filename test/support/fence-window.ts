import type { RedisClient } from '../../src/platform/redis/client.ts'
import { until } from './until.ts'

const windowSeconds = 30
const enoughSeconds = 2

/**
 * Resolves when no window of fences ends soon: a fill that begins in the next window has a ticket of that one, which
 * knows of no earlier fence.
 */
export async function insideOneWindow(redis: RedisClient): Promise<void> {
  await until('a window of fences has begun', async () => {
    const [seconds] = await redis.time()
    return windowSeconds - (Number(seconds) % windowSeconds) > enoughSeconds
  })
}
