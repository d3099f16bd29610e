import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { cacheKeys } from '../contracts/cache-keys.ts'
import { AppError } from '../platform/errors.ts'
import { entityTag, noneMatches } from '../platform/http/conditional.ts'
import { sendJsonText } from '../platform/http/json-text.ts'
import { consistencyStatusHeader, wantedWriteOf } from '../platform/http/own-headers.ts'
import { envelopeText, readAggregate, type StoredEvent } from '../platform/log/stored-event.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import type { FencedCache, Loaded } from '../platform/redis/fenced-cache.ts'
import { type List, listReviews, nameOf } from './list-reviews.ts'
import { reviewOperations as operations } from './operations.ts'
import { toBody } from './review-body.ts'
import { mayReadDeleted } from './rights.ts'
import {
  HistoryBody,
  HistoryQuery,
  ListBody,
  ListQuery,
  mostOfHistory,
  Nothing,
  ReviewBody,
  ReviewPath,
} from './schemas.ts'
import { findReview } from './stored-review.ts'

export interface ReadRoutesOptions {
  readonly db: Pool
  readonly cache: Pick<FencedCache, 'read'>
}

/** `GET /api/v1/reviews`, `/api/v1/reviews/{review_id}` and its `/history` */
export const reviewReadRoutes: FastifyPluginAsyncTypebox<ReadRoutesOptions> = async (app, { db, cache }) => {
  app.get(
    '/api/v1/reviews/:review_id',
    {
      config: { operation: operations.getReview },
      schema: { params: ReviewPath, response: { 200: ReviewBody, 304: Nothing } },
    },
    async (request, reply) => {
      const review = await find(db, request.params.review_id)
      if (review.deleted_at !== null) throw new AppError('review_deleted', 'fatal', 'the review was deleted')
      reply.headers({ etag: entityTag(review.version), 'cache-control': 'no-cache' })
      if (noneMatches(request.headers['if-none-match'], review.version)) return reply.code(304).send(null)
      return toBody(review)
    },
  )

  app.get(
    '/api/v1/reviews',
    {
      config: { operation: operations.listReviews },
      schema: { querystring: ListQuery, response: { 200: ListBody } },
    },
    async (request, reply) => {
      const { sort = 'newest', limit = 20, cursor, ...filter } = request.query
      const list = { filter, sort }
      const wanted = wantedWriteOf(request)
      const load = () => withPostgres(() => loadPage(db, list, { limit, ...(cursor && { cursor }) }))
      const key = cursor === undefined ? cacheKeyOf(list) : null
      const { body, mark } = key
        ? await cache.read(key, `${nameOf(list)} ${limit}`, load, { atLeast: wanted?.position ?? 0 })
        : await load()
      // Only of a log that was reset since: what is read here is never older than a write that was answered.
      if (wanted && mark < wanted.position) reply.header(consistencyStatusHeader, 'stale')
      return sendJsonText(reply, body)
    },
  )

  app.get(
    '/api/v1/reviews/:review_id/history',
    {
      config: { operation: operations.getReviewHistory },
      schema: { params: ReviewPath, querystring: HistoryQuery, response: { 200: HistoryBody } },
    },
    async (request, reply) => {
      const review = await find(db, request.params.review_id)
      if (review.deleted_at !== null && !mayReadDeleted(request.caller, review.user_id)) {
        throw new AppError(
          'review_deleted',
          'fatal',
          'the review was deleted: its author can read its history',
        )
      }
      const { after = 0, limit = mostOfHistory } = request.query
      const aggregate = { type: 'Review', id: review.review_id }
      const events = await withPostgres(() => readAggregate(db, aggregate, { after, limit }))
      return sendJsonText(reply, historyText(events, review.version))
    },
  )
}

async function find(db: Pool, reviewId: string) {
  const review = await withPostgres(() => findReview(db, reviewId))
  if (!review) throw new AppError('review_not_found', 'fatal', 'there is no such review')
  return review
}

async function loadPage(db: Pool, list: List, page: Parameters<typeof listReviews>[2]): Promise<Loaded> {
  const { items, nextCursor, position } = await listReviews(db, list, page)
  return { mark: position, body: JSON.stringify({ items: items.map(toBody), next_cursor: nextCursor }) }
}

/** Kept are the lists that a shop's pages show: of one entity, from the start, of all its users. */
function cacheKeyOf({ filter }: List): string | null {
  const { entity_type: entityType, entity_id: entityId, user_id: userId } = filter
  if (entityType === undefined || entityId === undefined || userId !== undefined) return null
  return cacheKeys.lists({ entityType, entityId })
}

/** The envelopes as they stand in the log, each with its position, and where to go on if these are not all. */
function historyText(events: readonly StoredEvent[], version: number): string {
  const items = events.map((event) => `${envelopeText(event).slice(0, -1)},"position":${event.position}}`)
  const last = events.at(-1)?.aggregate_version ?? version
  return `{"items":[${items.join(',')}],"next_after":${last < version ? last : null}}`
}
