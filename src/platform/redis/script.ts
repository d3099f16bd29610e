import { createHash } from 'node:crypto'
import type { RedisClient } from './client.ts'

/** A Lua script of ours. Redis runs it as one step, and answers in its own types. */
export type Script = (
  redis: RedisClient,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

export function defineScript(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      // The server does not have it yet, or has forgotten it with a restart: sent whole, it is kept.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
