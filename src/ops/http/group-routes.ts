import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import { Id, Timestamp } from '../../platform/http/fields.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import type { TimestampAt } from '../exporter/kafka-metrics.ts'
import { describeGroup } from '../groups/describe-group.ts'
import { lagHistory } from '../groups/lag-history.ts'
import { listGroups } from '../groups/list-groups.ts'
import { previewReset, resetOffsets } from '../groups/reset-offsets.ts'
import type { PipelineWatch } from '../pipeline/watch.ts'
import { assertConfirmed, Confirmation } from './confirmation.ts'
import { actorOf, requireRole } from './roles.ts'

export interface GroupRoutesOptions {
  readonly admin: Admin
  readonly pool: Pool
  readonly watch: PipelineWatch
  readonly timestampAt: TimestampAt
  readonly prometheusUrl: string | null
  readonly now: () => number
}

const GroupPath = Type.Object({ group: Id })

const Target = Type.Union([
  Type.Object({ to: Type.Enum(['earliest', 'latest']) }, { additionalProperties: false }),
  Type.Object({ to: Type.Literal('time'), at: Timestamp }, { additionalProperties: false }),
  Type.Object(
    {
      to: Type.Literal('offset'),
      offset: Type.Integer({ minimum: 0 }),
      partition: Type.Integer({ minimum: 0 }),
    },
    { additionalProperties: false },
  ),
])

const ResetBody = Type.Object({ topic: Id, target: Target }, { additionalProperties: false })
const ConfirmedResetBody = Type.Object(
  { topic: Id, target: Target, confirm: Confirmation },
  { additionalProperties: false },
)

/** `/api/ops/v1/groups` */
export const groupRoutes: FastifyPluginAsyncTypebox<GroupRoutesOptions> = async (app, options) => {
  const { admin, pool, watch, timestampAt, prometheusUrl, now } = options
  const sources = { admin, timestampAt, prometheusUrl, now, history: watch.history }

  app.get('/api/ops/v1/groups', { onRequest: requireRole('viewer') }, async () => {
    const items = listGroups(watch.history)
    if (!items) throw new AppError('unavailable', 'retryable', 'Kafka does not answer')
    return { items }
  })

  app.get(
    '/api/ops/v1/groups/:group',
    { onRequest: requireRole('viewer'), schema: { params: GroupPath } },
    async ({ params }) => describeGroup(sources, params.group),
  )

  app.get(
    '/api/ops/v1/groups/:group/lag',
    { onRequest: requireRole('viewer'), schema: { params: GroupPath } },
    async ({ params }) => lagHistory(sources, params.group),
  )

  app.post(
    '/api/ops/v1/groups/:group/offsets/preview',
    { onRequest: requireRole('viewer'), schema: { params: GroupPath, body: ResetBody } },
    async ({ params, body }) => previewReset(admin, params.group, body.topic, body.target),
  )

  app.post(
    '/api/ops/v1/groups/:group/offsets',
    { onRequest: requireRole('admin'), schema: { params: GroupPath, body: ConfirmedResetBody } },
    async (request) => {
      const { group } = request.params
      const { topic, target, confirm } = request.body
      assertConfirmed(confirm, group)
      return resetOffsets({ admin, db: pool, actor: actorOf(request) }, group, topic, target)
    },
  )
}
