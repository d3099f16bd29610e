import { once } from 'node:events'
import { styleText } from 'node:util'
import type { Difference } from '../analytics/compare-store.ts'
import { cacheKeys } from '../contracts/cache-keys.ts'
import { type Rebuild, type RebuildOptions, rebuildAnalytics } from '../ops/rebuild.ts'
import { type Verification, verifyAnalytics } from '../ops/verify.ts'
import { readConfig } from '../platform/config.ts'
import { createRedis } from '../platform/redis/client.ts'
import { createFencedCache } from '../platform/redis/fenced-cache.ts'
import { within } from '../platform/within.ts'
import { actor } from './actor.ts'
import { ProgressBar } from './progress-bar.ts'
import { stackEnvironment } from './stack-environment.ts'
import { withDatabase } from './with-database.ts'

/** Returns the exit code. */
export async function runVerify(asJson: boolean): Promise<number> {
  const bar = new ProgressBar(process.stderr)
  const verification = await withDatabase((pool) =>
    verifyAnalytics({ pool, onProgress: ({ position, head }) => bar.show('events counted', position, head) }),
  ).finally(() => bar.end())
  process.stdout.write(asJson ? `${JSON.stringify(verification, null, 2)}\n` : verificationText(verification))
  return verification.drifting === 0 ? 0 : 1
}

export async function runRebuild(asJson: boolean): Promise<void> {
  const bar = new ProgressBar(process.stderr)
  const rebuild = await withDatabase((pool) =>
    withFence((fence) =>
      rebuildAnalytics({
        pool,
        actor: actor(),
        fence,
        onProgress: ({ position, head }) => bar.show('events counted', position, head),
      }),
    ),
  ).finally(() => bar.end())
  process.stdout.write(asJson ? `${JSON.stringify(rebuild, null, 2)}\n` : rebuildText(rebuild))
}

/** Redis is reached before the work begins: what it cannot be told of at the end would stay cached. */
async function withFence<T>(work: (fence: RebuildOptions['fence']) => Promise<T>): Promise<T> {
  const config = readConfig(['REDIS_URL', 'CACHE_TTL_SECONDS'], await stackEnvironment())
  const redis = createRedis({ url: config.REDIS_URL, name: 'cli', commandTimeoutMs: 5_000 })
  try {
    await within(5_000, once(redis, 'ready'))
    const cache = createFencedCache({ redis, ttlSeconds: config.CACHE_TTL_SECONDS })
    return await work((entities) =>
      cache.fence(entities.map((entity) => ({ key: cacheKeys.stats(entity), mark: entity.revision }))),
    )
  } finally {
    redis.disconnect()
  }
}

const number = (value: number) => value.toLocaleString('en')
const entities = (count: number) => (count === 1 ? '1 entity' : `${number(count)} entities`)

export function verificationText({ events, drifting, differences, behind }: Verification): string {
  const notYet =
    behind.events === 0
      ? ''
      : `${number(behind.events)} events are not applied yet, the oldest ${behind.oldest_seconds.toFixed(1)} s old\n`
  const result =
    drifting === 0
      ? styleText('green', `the statistics agree with ${number(events)} events of the log\n`)
      : styleText('red', `${entities(drifting)} out of step with ${number(events)} events of the log\n`)
  return result + notYet + differencesText(differences, drifting)
}

export function rebuildText({ events, drifting, differences, switch_ms }: Rebuild): string {
  const found = drifting === 0 ? 'nothing differed' : `${entities(drifting)} differed`
  return (
    `the statistics are built anew from ${number(events)} events; ${found}; ` +
    `writers waited ${Math.ceil(switch_ms)} ms for the switch\n` +
    differencesText(differences, drifting)
  )
}

const shown = 20

function differencesText(differences: readonly Difference[], count: number): string {
  const lines = differences
    .slice(0, shown)
    .map(({ entity_type, entity_id, live, expected, reviews, days }) => {
      const was = `${JSON.stringify(live?.histogram ?? null)} at revision ${live?.revision ?? 0}`
      const is = `${JSON.stringify(expected?.histogram ?? null)} at revision ${expected?.revision ?? 0}`
      return `  ${entity_type}/${entity_id}: has ${was}, the log says ${is}; ${reviews} reviews and ${days} days differ\n`
    })
  return lines.join('') + (count > lines.length ? `  and ${number(count - lines.length)} more\n` : '')
}
