import { type RedisClient, withRedis } from './client.ts'
import { defineScript } from './script.ts'

const addToAll = defineScript(`
local totals = {}
for i, key in ipairs(KEYS) do
  totals[i] = redis.call('incrby', key, ARGV[i + 1])
  redis.call('pexpire', key, ARGV[1])
end
return totals`)

/** Adds to counters and gives what each comes to, over all processes; it is forgotten after so long without more. */
export type AddToCounts = (
  additions: ReadonlyMap<string, number>,
  keptForMs: number,
) => Promise<ReadonlyMap<string, number>>

/** @throws {AppError} `unavailable`; then some may have been added all the same */
export function sharedCounts(redis: RedisClient): AddToCounts {
  return async (additions, keptForMs) => {
    const keys = [...additions.keys()]
    const totals = await withRedis(() => addToAll(redis, keys, [keptForMs, ...additions.values()]))
    return new Map(keys.map((key, i) => [key, Number(Array.isArray(totals) ? totals[i] : 0)]))
  }
}
