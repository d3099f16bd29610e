import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { encodeConsistencyToken } from '../platform/consistency-token.ts'
import { type Caller, callerOf, requireCaller } from '../platform/http/caller.ts'
import { entityTag, ifMatch } from '../platform/http/conditional.ts'
import { sendJsonText } from '../platform/http/json-text.ts'
import {
  consistencyTokenHeader,
  idempotencyKeyOf,
  idempotentReplayedHeader,
} from '../platform/http/own-headers.ts'
import { Problem } from '../platform/http/problem.ts'
import { originOf } from '../platform/http/request-context.ts'
import { positionOf } from '../platform/log/position-of.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { hashOfRequest, type Idempotency } from './idempotency.ts'
import { reviewOperations as operations } from './operations.ts'
import { toBody } from './review-body.ts'
import { type Changed, ReviewAlreadyExists, type ReviewWriter } from './review-writer.ts'
import { authorOf, rightsToRemove, rightsToUpdate } from './rights.ts'
import {
  CreateByAnybody,
  CreateByUser,
  Nothing,
  RemoveQuery,
  ReviewBody,
  ReviewPath,
  Update,
} from './schemas.ts'

export interface WriteRoutesOptions {
  readonly writer: ReviewWriter
  readonly db: Pool
  /** Without authentication the body says who the author is. */
  readonly open: boolean
}

/** `POST /api/v1/reviews`, `PUT` and `DELETE /api/v1/reviews/{review_id}` */
export const reviewWriteRoutes: FastifyPluginAsyncTypebox<WriteRoutesOptions> = async (
  app,
  { writer, db, open },
) => {
  app.post(
    '/api/v1/reviews',
    {
      onRequest: requireCaller,
      config: { operation: operations.createReview },
      schema: { body: open ? CreateByAnybody : CreateByUser, response: { 201: ReviewBody } },
    },
    async (request, reply) => {
      const { title = null, user_id: wantedAuthor, ...wanted } = request.body
      const caller = callerOf(request)
      const user_id = authorOf(caller, wantedAuthor)
      const review = { ...wanted, title, user_id }
      const created = await writer
        .create(
          review,
          { by: user_id, idempotency: idempotencyOf(request, caller, review) },
          originOf(request),
        )
        .catch((error: unknown) => {
          throw error instanceof ReviewAlreadyExists ? conflict(error) : error
        })
      const { reviewId, position } = created
      reply.code(201).headers({
        location: urlOf(reviewId),
        etag: entityTag(1),
        [consistencyTokenHeader]: encodeConsistencyToken({ aggregateId: reviewId, version: 1, position }),
      })
      if (created.replayed) reply.header(idempotentReplayedHeader, 'true')
      return sendJsonText(reply, created.response)
    },
  )

  app.put(
    '/api/v1/reviews/:review_id',
    {
      onRequest: requireCaller,
      config: { operation: operations.updateReview },
      schema: { params: ReviewPath, body: Update, response: { 200: ReviewBody } },
    },
    async (request, reply) => {
      const terms = { ...rightsToUpdate(callerOf(request)), accepts: ifMatch(request.headers['if-match']) }
      const changed = await writer.update(request.params.review_id, request.body, terms, originOf(request))
      reply.headers({
        etag: entityTag(changed.review.version),
        [consistencyTokenHeader]: await tokenOf(db, changed),
      })
      return toBody(changed.review)
    },
  )

  app.delete(
    '/api/v1/reviews/:review_id',
    {
      onRequest: requireCaller,
      config: { operation: operations.deleteReview },
      schema: { params: ReviewPath, querystring: RemoveQuery, response: { 204: Nothing } },
    },
    async (request, reply) => {
      const { reason = null } = request.query
      const terms = {
        ...rightsToRemove(callerOf(request), reason),
        accepts: ifMatch(request.headers['if-match']),
      }
      const changed = await writer.remove(request.params.review_id, reason, terms, originOf(request))
      reply.header(consistencyTokenHeader, await tokenOf(db, changed))
      return reply.code(204).send(null)
    },
  )
}

const urlOf = (reviewId: string) => `/api/v1/reviews/${reviewId}`

function idempotencyOf(
  request: FastifyRequest,
  caller: Caller,
  review: Readonly<Record<string, unknown>> & { readonly user_id: string },
): Idempotency | null {
  const key = idempotencyKeyOf(request)
  if (key === null) return null
  const owner = caller.kind === 'anybody' ? `user:${review.user_id}` : `${caller.kind}:${caller.subject}`
  return { caller: owner, key, requestHash: hashOfRequest(review) }
}

/** Where nothing changed, the write to wait for is the last one that did. */
async function tokenOf(db: Pool, { review, position }: Changed): Promise<string> {
  const { review_id: aggregateId, version } = review
  const at = position ?? (await withPostgres(() => positionOf(db, 'Review', aggregateId, version)))
  return encodeConsistencyToken({ aggregateId, version, position: at })
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
