import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { audited } from '../../platform/audit/audited.ts'
import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import type { PipelineWatch } from '../pipeline/watch.ts'
import { assertNotOurs, topicPage, topicRows } from '../topics/topic-rows.ts'
import { assertConfirmed, Confirmation } from './confirmation.ts'
import { actorOf, requireRole } from './roles.ts'

export interface TopicRoutesOptions {
  readonly admin: Admin
  readonly pool: Pool
  readonly watch: PipelineWatch
  readonly replicationFactor: number
}

// Kafka's own rule for names.
const TopicName = Type.String({ minLength: 1, maxLength: 249, pattern: '^[A-Za-z0-9._-]+$' })
const closed = { additionalProperties: false }
const TopicPath = Type.Object({ topic: TopicName })
const Retention = Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER })
const NewTopicBody = Type.Object(
  {
    name: TopicName,
    partitions: Type.Integer({ minimum: 1, maximum: 1_000 }),
    replication_factor: Type.Integer({ minimum: 1, maximum: 10 }),
    retention_ms: Retention,
  },
  closed,
)
const RetentionBody = Type.Object({ retention_ms: Retention, confirm: Confirmation }, closed)
const DeleteBody = Type.Object({ confirm: Confirmation }, closed)

/** `/api/ops/v1/topics` */
export const topicRoutes: FastifyPluginAsyncTypebox<TopicRoutesOptions> = async (app, options) => {
  const { admin, pool, watch, replicationFactor } = options
  const sources = { admin, replicationFactor, history: watch.history }
  const viewer = { onRequest: requireRole('viewer') }
  const administrator = { onRequest: requireRole('admin') }

  app.get('/api/ops/v1/topics', viewer, async () => ({ items: await topicRows(sources) }))

  app.get('/api/ops/v1/topics/:topic', { ...viewer, schema: { params: TopicPath } }, async ({ params }) =>
    topicPage(sources, params.topic),
  )

  app.post(
    '/api/ops/v1/topics',
    { ...administrator, schema: { body: NewTopicBody } },
    async (request, reply) => {
      const { name, partitions, replication_factor, retention_ms } = request.body
      assertNotOurs(name)
      // Kafka would say so too; asked first, it leaves no entry of what cannot be.
      if ((await admin.topics()).some((topic) => topic.name === name)) {
        throw new AppError('topic_already_exists', 'fatal', `there is a topic ${name}`)
      }
      const settings = { 'retention.ms': String(retention_ms) }
      const details = { partitions, replication_factor, retention_ms }
      await audited(pool, { actor: actorOf(request), action: 'topic.created', target: name, details }, () =>
        admin.createTopic({ name, partitions, replicationFactor: replication_factor, settings }),
      )
      return reply.code(201).send({ name })
    },
  )

  app.put(
    '/api/ops/v1/topics/:topic/retention',
    { ...administrator, schema: { params: TopicPath, body: RetentionBody } },
    async (request) => {
      const { topic } = request.params
      const { retention_ms, confirm } = request.body
      assertConfirmed(confirm, topic)
      assertNotOurs(topic)
      const before = Number((await admin.settings(topic))['retention.ms'])
      if (before === retention_ms) return { topic, retention_ms }
      const details = { before, retention_ms }
      await audited(
        pool,
        { actor: actorOf(request), action: 'topic.retention_changed', target: topic, details },
        () => admin.changeSettings(topic, { 'retention.ms': String(retention_ms) }),
      )
      return { topic, retention_ms }
    },
  )

  app.delete(
    '/api/ops/v1/topics/:topic',
    { ...administrator, schema: { params: TopicPath, body: DeleteBody } },
    async (request) => {
      const { topic } = request.params
      assertConfirmed(request.body.confirm, topic)
      assertNotOurs(topic)
      await audited(pool, { actor: actorOf(request), action: 'topic.deleted', target: topic }, () =>
        admin.deleteTopic(topic),
      )
      return { topic }
    },
  )
}
