import { cacheKeys } from '../contracts/cache-keys.ts'
import { groups } from '../contracts/consumer-groups.ts'
import { AppError } from '../platform/errors.ts'
import { type Delivery, type Handler, type Outcome, ok } from '../platform/messaging/handler.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import { project } from './project.ts'
import { readRevisions } from './projection-store.ts'
import { changeOf, type ReviewEvent, reviewEvents } from './review-state.ts'
import { countViews, type ViewEvent, viewEvents } from './view-counts.ts'

const events = [...reviewEvents, ...viewEvents] as const

type AnalyticsEvent = ReviewEvent | ViewEvent

/** Keeps the statistics of every entity, raises the fence of what is cached of them, and counts views. */
export function analyticsHandler({
  db,
  cache,
}: {
  db: Pool
  cache: FencedCache
}): Handler<(typeof events)[number]> {
  const followReviews = async (batch: readonly Delivery<ReviewEvent>[]): Promise<Outcome[]> => {
    const changes = batch.map(({ event, position }) => changeOf(event, Number(position ?? 0)))
    const { versions, revisions } = await project(db, 'analytics', changes)

    // Of repeats too: a worker may have died between its commit and its fence.
    const repeated = new Map(changes.map((change) => [cacheKeys.stats(change), change]))
    for (const changed of revisions) repeated.delete(cacheKeys.stats(changed))
    const others = await withPostgres(() => readRevisions(db, 'analytics', [...repeated.values()]))
    await cache.fence(
      [...revisions, ...others].map((entity) => ({ key: cacheKeys.stats(entity), mark: entity.revision })),
    )

    return changes.map(({ reviewId, version }) => {
      const reached = versions.get(reviewId) ?? 0
      if (version <= reached) return ok
      const message = `the log does not know version ${reached + 1} of review ${reviewId}`
      return { verdict: 'dead-letter', error: new AppError('unknown_version', 'fatal', message) }
    })
  }

  return {
    group: groups.analytics,
    events,
    async handle(batch) {
      const reviews = batch.filter(isOfReview)
      const outcomes = (reviews.length > 0 ? await followReviews(reviews) : []).values()
      // Last, since a batch that is run again counts them again.
      const views = batch.map(({ event }) => event).filter(isView)
      await withPostgres(() => countViews(db, views))
      return batch.map((delivery) => (isOfReview(delivery) ? (outcomes.next().value ?? ok) : ok))
    },
  }
}

function isView(event: AnalyticsEvent): event is ViewEvent {
  return viewEvents.some(({ type }) => type === event.event_type)
}

function isOfReview(delivery: Delivery<AnalyticsEvent>): delivery is Delivery<ReviewEvent> {
  return !isView(delivery.event)
}
