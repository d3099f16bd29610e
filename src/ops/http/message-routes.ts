import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { appendAudit } from '../../platform/audit/audit.ts'
import { asError } from '../../platform/errors.ts'
import { Timestamp } from '../../platform/http/fields.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { RecordReader } from '../../platform/kafka/record-reader.ts'
import type { TopicReader } from '../../platform/kafka/topic-reader.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import { matcher } from '../messages/filter.ts'
import { toMessage } from '../messages/message.ts'
import { scan } from '../messages/scan.ts'
import type { EventStreams } from './event-stream.ts'
import { actorOf, requireRole } from './roles.ts'

export interface MessageRoutesOptions {
  readonly admin: Admin
  readonly pool: Pool
  readonly reader: RecordReader
  /** Follows a topic from its end on. */
  readonly follow: (topic: string) => TopicReader
  readonly streams: EventStreams
}

const closed = { additionalProperties: false }
const TopicPath = Type.Object({ topic: Type.String({ minLength: 1, maxLength: 249 }) })
const Text = Type.Optional(Type.String({ maxLength: 300 }))
const filterFields = { key: Text, value: Text, header: Text, type: Text }
const revealField = { reveal: Type.Optional(Type.Literal('true')) }
const ScanQuery = Type.Object(
  {
    from: Type.Enum(['newest', 'oldest', 'offset', 'time']),
    partition: Type.Optional(Type.Integer({ minimum: 0 })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    at: Type.Optional(Timestamp),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    ...filterFields,
    ...revealField,
  },
  closed,
)
const TailQuery = Type.Object({ ...filterFields, ...revealField }, closed)

/** Nobody reads faster: what a tail brings beyond it is counted, not shown. */
const mostPerSecond = 100

/** `/api/ops/v1/topics/{topic}/messages` and `…/tail`, both as streams that end when their reader leaves. */
export const messageRoutes: FastifyPluginAsyncTypebox<MessageRoutesOptions> = async (app, options) => {
  const { admin, pool, reader, follow, streams } = options
  const viewer = { onRequest: requireRole('viewer') }

  /** Who sees what is masked, or searches in it, which is to see it one question at a time, may and is noted. */
  const seesPersonalData = async (
    request: FastifyRequest<{
      Params: Static<typeof TopicPath>
      Querystring: Pick<Static<typeof TailQuery>, 'reveal' | 'value'>
    }>,
    reply: FastifyReply,
  ) => {
    const { reveal, value } = request.query
    if (reveal === undefined && !value) return
    await requireRole('operator').call(app, request, reply)
    const action = reveal ? 'personal_data.revealed' : 'personal_data.searched'
    await appendAudit(pool, {
      actor: actorOf(request),
      action,
      target: `messages of ${request.params.topic}`,
    })
  }

  app.get(
    '/api/ops/v1/topics/:topic/messages',
    { ...viewer, schema: { params: TopicPath, querystring: ScanQuery } },
    async (request, reply) => {
      const { topic } = request.params
      const { from, partition, offset, at, limit = 50, reveal, ...filter } = request.query
      await seesPersonalData(request, reply)
      const revealed = reveal === 'true'
      // What cannot be begun is an ordinary error.
      await admin.offsets(topic, 'latest')
      const stream = streams.open(request, reply)
      const wanted = {
        topic,
        from,
        limit,
        filter,
        ...(partition !== undefined && { partition }),
        ...(offset !== undefined && { offset }),
        ...(at !== undefined && { at }),
      }
      let matched = 0
      try {
        for await (const step of scan({ admin, reader }, wanted, stream.signal)) {
          if (step.kind === 'match') matched += 1
          const data = step.kind === 'match' ? toMessage(step.record, revealed) : { ...step, matched }
          if (!stream.send(step.kind === 'match' ? 'message' : step.kind, data)) await stream.drained()
        }
      } catch (error) {
        stream.send('failed', { detail: asError(error).message })
      }
      stream.end()
    },
  )

  app.get(
    '/api/ops/v1/topics/:topic/tail',
    { ...viewer, schema: { params: TopicPath, querystring: TailQuery } },
    async (request, reply) => {
      const { topic } = request.params
      const { reveal, ...filter } = request.query
      await seesPersonalData(request, reply)
      const revealed = reveal === 'true'
      const follower = follow(topic)
      await follower.start()
      const stream = streams.open(request, reply)
      stream.signal.addEventListener('abort', () => void follower.stop())
      if (stream.signal.aborted) return follower.stop()
      stream.send('started', {})
      const matches = matcher(filter)
      let [second, shown, skipped] = [0, 0, 0]
      for (let batch = await follower.next(); batch !== null; batch = await follower.next()) {
        for (const record of batch.filter(matches)) {
          const now = Math.floor(performance.now() / 1_000)
          if (now !== second) {
            if (skipped > 0) stream.send('skipped', { count: skipped })
            ;[second, shown, skipped] = [now, 0, 0]
          }
          shown += 1
          if (shown > mostPerSecond) skipped += 1
          else stream.send('message', toMessage(record, revealed))
        }
      }
      return undefined
    },
  )
}
