import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'
import { entityTag, ifMatch, noneMatches } from '../platform/http/conditional.ts'
import { Problem } from '../platform/http/problem.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import type { Review } from './review.ts'
import { type Origin, ReviewAlreadyExists, type ReviewWriter } from './review-writer.ts'
import { CreateByAnybody, NotModified, RemoveQuery, ReviewBody, ReviewPath, Update } from './schemas.ts'
import { findReview } from './stored-review.ts'

export interface ReviewRoutesOptions {
  readonly writer: ReviewWriter
  readonly db: Pool
}

const urlOf = (reviewId: string) => `/api/v1/reviews/${reviewId}`

/** `/api/v1/reviews` */
export const reviewRoutes: FastifyPluginAsyncTypebox<ReviewRoutesOptions> = async (app, { writer, db }) => {
  app.post(
    '/api/v1/reviews',
    { schema: { body: CreateByAnybody, response: { 201: ReviewBody } } },
    async (request, reply) => {
      const { title = null, ...wanted } = request.body
      const { review } = await writer
        .create({ ...wanted, title }, originOf(request, wanted.user_id))
        .catch((error: unknown) => {
          throw error instanceof ReviewAlreadyExists ? conflict(error) : error
        })
      reply.code(201).headers({ location: urlOf(review.review_id), etag: entityTag(review.version) })
      return toBody(review)
    },
  )

  app.get(
    '/api/v1/reviews/:review_id',
    { schema: { params: ReviewPath, response: { 200: ReviewBody, 304: NotModified } } },
    async (request, reply) => {
      const review = await withPostgres(() => findReview(db, request.params.review_id))
      if (!review) throw new AppError('review_not_found', 'fatal', 'there is no such review')
      if (review.deleted_at !== null) throw new AppError('review_deleted', 'fatal', 'the review was deleted')
      reply.headers({ etag: entityTag(review.version), 'cache-control': 'no-cache' })
      if (noneMatches(request.headers['if-none-match'], review.version)) return reply.code(304).send(null)
      return toBody(review)
    },
  )

  app.put(
    '/api/v1/reviews/:review_id',
    { schema: { params: ReviewPath, body: Update, response: { 200: ReviewBody } } },
    async (request, reply) => {
      const accepts = ifMatch(request.headers['if-match'])
      const { review } = await writer.update(
        request.params.review_id,
        request.body,
        accepts,
        originOf(request, null),
      )
      reply.header('etag', entityTag(review.version))
      return toBody(review)
    },
  )

  app.delete(
    '/api/v1/reviews/:review_id',
    { schema: { params: ReviewPath, querystring: RemoveQuery } },
    async (request, reply) => {
      const accepts = ifMatch(request.headers['if-match'])
      const { reason = null } = request.query
      await writer.remove(request.params.review_id, reason, accepts, originOf(request, null))
      return reply.code(204).send()
    },
  )
}

function originOf(request: FastifyRequest, userId: string | null): Origin {
  const { context } = request
  if (!context) throw new Error('a route runs after its request has begun')
  const { correlationId, traceId, traceparent } = context
  return { userId, correlationId, traceId, traceparent }
}

function toBody({ deleted_at: _, ...body }: Review) {
  return body
}

function conflict({ reviewId }: ReviewAlreadyExists): Problem {
  return new Problem(
    'review_already_exists',
    'the user has a review of this already: change or delete that',
    {
      members: { existing: urlOf(reviewId) },
    },
  )
}
