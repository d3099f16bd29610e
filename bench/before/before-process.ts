/**
 * What TheReview replaces: a service that does all of the work within the request. It is written as well as that can
 * be, on the same parts: prepared statements, connections that stay open, validation and answers by schema, the
 * product's own letter and mailer.
 */
import { fastify } from 'fastify'
import { cacheKeys } from '../../src/contracts/cache-keys.ts'
import { createMailer } from '../../src/notifications/mail/mailer.ts'
import { renderLetter } from '../../src/notifications/mail/render-letter.ts'
import { reviewCreated } from '../../src/notifications/mail/templates/review-created.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createRedis } from '../../src/platform/redis/client.ts'
import { bodySchema, reviewSchema } from './schemas.ts'
import { countReview, type NewReview, saveReview } from './store.ts'

export interface BeforePlan {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly smtpUrl: string
}

// As many as there are requests at once, so that none waits for another one's mail.
const smtpConnections = 64

process.once('message', async ({ databaseUrl, redisUrl, smtpUrl }: BeforePlan) => {
  const db = createPool({ url: databaseUrl, size: 32, applicationName: 'bench-before' })
  const redis = createRedis({ url: redisUrl, name: 'bench-before', commandTimeoutMs: 5_000 })
  const from = 'TheReview <reviews@example.test>'
  const mailer = createMailer({ url: smtpUrl, from, connections: smtpConnections })

  const app = fastify()
  app.post<{ Body: NewReview }>(
    '/api/v1/reviews',
    { schema: { body: bodySchema, response: { 201: reviewSchema } } },
    async (request, reply) => {
      const review = await saveReview(db, request.body)
      const letter = renderLetter(reviewCreated.draft({ title: null, ...request.body })({}))
      const to = { address: `${review.user_id}@example.test`, name: '' }
      await mailer.send({ id: review.review_id, to, letter })
      await countReview(db, review)
      const entity = { entityType: review.entity_type, entityId: review.entity_id }
      await redis.unlink(cacheKeys.lists(entity), cacheKeys.stats(entity))
      return reply.code(201).send(review)
    },
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  process.send?.(Number(new URL(url).port))
})
process.once('disconnect', () => process.exit())
