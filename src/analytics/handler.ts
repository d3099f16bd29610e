import { cacheKeys } from '../contracts/cache-keys.ts'
import { groups } from '../contracts/consumer-groups.ts'
import { AppError } from '../platform/errors.ts'
import { type Handler, ok } from '../platform/messaging/handler.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import { project } from './project.ts'
import { readRevisions } from './projection-store.ts'
import { changeOf, reviewEvents } from './review-state.ts'

/** Keeps the statistics of every entity, and raises the fence of what is cached of them. */
export function analyticsHandler({
  db,
  cache,
}: {
  db: Pool
  cache: FencedCache
}): Handler<(typeof reviewEvents)[number]> {
  return {
    group: groups.analytics,
    events: reviewEvents,
    async handle(batch) {
      const changes = batch.map(({ event, position }) => changeOf(event, Number(position ?? 0)))
      const versions = await project(db, 'analytics', changes)

      // Of repeats too: a worker may have died between its commit and its fence.
      const entities = new Map(changes.map((change) => [cacheKeys.stats(change), change]))
      const revisions = await withPostgres(() => readRevisions(db, 'analytics', [...entities.values()]))
      await cache.fence(revisions.map((entity) => ({ key: cacheKeys.stats(entity), mark: entity.revision })))

      return changes.map(({ reviewId, version }) => {
        const reached = versions.get(reviewId) ?? 0
        if (version <= reached) return ok
        const message = `the log does not know version ${reached + 1} of review ${reviewId}`
        return { verdict: 'dead-letter', error: new AppError('unknown_version', 'fatal', message) }
      })
    },
  }
}
