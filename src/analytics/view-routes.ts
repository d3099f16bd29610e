import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { assertScope, callerOf, requireCaller } from '../platform/http/caller.ts'
import { Id, LinePattern, Uuid } from '../platform/http/fields.ts'
import type { Operation } from '../platform/http/openapi/operation.ts'
import { originOf } from '../platform/http/request-context.ts'
import type { ViewQueue } from './view-queue.ts'
import { toViewRecord, type View } from './view-record.ts'

export interface ViewRoutesOptions {
  readonly views: Pick<ViewQueue, 'add'>
  readonly now: () => Date
}

const ViewItem = Closed(
  {
    type: Type.Unsafe<View['type']>({
      type: 'string',
      enum: ['review.viewed.v1', 'stats.viewed.v1', 'review.viewed', 'stats.viewed'],
      description:
        'What was looked at: reviews of the thing, or its statistics. The version may be left out.',
    }),
    entity_type: Type.With(Id, { description: 'What kind of thing it is about.' }),
    entity_id: Type.With(Id, { description: 'Your id of the thing.' }),
    review_id: Type.Optional(Type.With(Uuid, { description: 'If one review was looked at.' })),
    source: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: LinePattern,
        description: 'Where, such as `web` or `app`; `api` if absent.',
      }),
    ),
  },
  { title: 'View' },
)

const maxViews = 100

export const Views = Closed({ items: Type.Array(ViewItem, { maxItems: maxViews }) }, { title: 'Views' })
const TakenBody = Closed(
  {
    accepted: Type.Integer({
      minimum: 0,
      description:
        'How many were taken, from the first on; fewer than were sent when the server is full of them.',
    }),
  },
  { title: 'ViewsTaken' },
)

const reportViews: Operation = {
  id: 'reportViews',
  tag: 'Views',
  summary: 'Report what was looked at',
  description: `Counts views of things by day, up to ${maxViews} in one request; the time series shows them. They are for a
sense of proportion, not for accounting: the answer comes before they are stored, and when the server is short of
room, or its Kafka away, views are dropped rather than that anybody waits. Do not send them again.`,
  credentials: 'required',
  scope: 'analytics:write',
  answers: { 202: { description: 'They are on their way, as far as there was room.' } },
  examples: {
    two: {
      summary: 'Two views',
      body: {
        items: [
          { type: 'review.viewed.v1', entity_type: 'product', entity_id: 'prod-123', source: 'web' },
          { type: 'stats.viewed.v1', entity_type: 'product', entity_id: 'prod-123', source: 'web' },
        ],
      },
      status: 202,
      answer: { accepted: 2 },
    },
  },
}

/** `POST /api/v1/analytics/events` */
export const viewRoutes: FastifyPluginAsyncTypebox<ViewRoutesOptions> = async (app, { views, now }) => {
  app.post(
    '/api/v1/analytics/events',
    {
      onRequest: requireCaller,
      config: { operation: reportViews },
      schema: { body: Views, response: { 202: TakenBody } },
    },
    async (request, reply) => {
      assertScope(callerOf(request), 'analytics:write')
      const [at, origin] = [now(), originOf(request)]
      const accepted = views.add(request.body.items.map((view) => toViewRecord(view, at, origin)))
      return reply.code(202).send({ accepted })
    },
  )
}
