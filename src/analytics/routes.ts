import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { cacheKeys, type Entity } from '../contracts/cache-keys.ts'
import { sendJsonText } from '../platform/http/json-text.ts'
import { consistencyStatusHeader, wantedWriteOf } from '../platform/http/own-headers.ts'
import { invalid } from '../platform/http/problem.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import type { FencedCache } from '../platform/redis/fenced-cache.ts'
import { getEntityStatistics, getEntityTimeSeries } from './operations.ts'
import { EntityPath, SeriesBody, SeriesQuery, StatsBody } from './schemas.ts'
import { type Prior, toStatistics } from './statistics.ts'
import { readDays, readStats } from './statistics-store.ts'
import { dayOf, rangeOf, toSeries } from './time-series.ts'
import { waitForWrite } from './wait-for-write.ts'

export interface AnalyticsRoutesOptions {
  readonly db: Pool
  readonly cache: FencedCache
  readonly prior: Prior
  readonly now: () => Date
}

/** `/api/v1/entities/…/stats` and `…/timeseries` */
export const analyticsRoutes: FastifyPluginAsyncTypebox<AnalyticsRoutesOptions> = async (
  app,
  { db, cache, prior, now },
) => {
  app.get(
    '/api/v1/entities/:entity_type/:entity_id/stats',
    {
      config: { operation: getEntityStatistics },
      schema: { params: EntityPath, response: { 200: StatsBody } },
    },
    async (request, reply) => {
      const entity = entityOf(request.params)
      const wanted = wantedWriteOf(request)
      const atLeast = wanted ? await withPostgres(() => waitForWrite(db, entity, wanted)) : 0
      if (atLeast === null) reply.header(consistencyStatusHeader, 'stale')
      const load = async () => {
        const statistics = toStatistics(entity, await withPostgres(() => readStats(db, entity)), prior)
        return { mark: statistics.revision, body: JSON.stringify(statistics) }
      }
      const { body } = await cache.read(cacheKeys.stats(entity), '', load, { atLeast: atLeast ?? 0 })
      return sendJsonText(reply, body)
    },
  )

  app.get(
    '/api/v1/entities/:entity_type/:entity_id/timeseries',
    {
      config: { operation: getEntityTimeSeries },
      schema: { params: EntityPath, querystring: SeriesQuery, response: { 200: SeriesBody } },
    },
    async (request) => {
      const range = rangeOf(request.query, now())
      if ('bound' in range) {
        const { bound, code, detail } = range
        throw invalid([{ in: 'query', pointer: `/${bound}`, code, detail }])
      }
      const entity = entityOf(request.params)
      const rows = await withPostgres(() => readDays(db, entity, dayOf(range.from), dayOf(range.to)))
      return { items: toSeries(range, rows) }
    },
  )
}

function entityOf(path: { entity_type: string; entity_id: string }): Entity {
  return { entityType: path.entity_type, entityId: path.entity_id }
}
