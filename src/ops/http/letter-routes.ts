import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { appendAudit } from '../../platform/audit/audit.ts'
import { AppError } from '../../platform/errors.ts'
import { FilledTextPattern, Timestamp, Uuid } from '../../platform/http/fields.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import { letterStates } from '../contract/dead-letters.ts'
import { dryRun, type RecordOf } from '../dead-letters/dry-run.ts'
import { discardLetters, groupLetters, type LetterFilter, listLetters } from '../dead-letters/letters.ts'
import { changeReplay, createReplay, findReplay, listReplays } from '../dead-letters/replay-jobs.ts'
import { toMessage } from '../messages/message.ts'
import { actorOf, requireRole } from './roles.ts'

export interface LetterRoutesOptions {
  readonly pool: Pool
  readonly recordOf: RecordOf
}

const Text = Type.String({ minLength: 1, maxLength: 300 })
const filterFields = {
  state: Type.Optional(Type.Enum([...letterStates])),
  consumer_group: Type.Optional(Text),
  error_code: Type.Optional(Text),
  error_pattern: Type.Optional(Type.String({ maxLength: 300 })),
  failed_from: Type.Optional(Timestamp),
  failed_to: Type.Optional(Timestamp),
}
const closed = { additionalProperties: false }

const FilterQuery = Type.Object(filterFields, closed)
const PageQuery = Type.Object(
  {
    ...filterFields,
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  closed,
)
const LetterIds = Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 1_000 }))
const Filter = Type.Object({ ...filterFields, letter_ids: LetterIds }, closed)
const LetterPath = Type.Object({ letter_id: Type.String({ pattern: '^\\d{1,15}$' }) })
const ReplayPath = Type.Object({ replay_id: Uuid })
const RevealQuery = Type.Object({ reveal: Type.Optional(Type.Literal('true')) }, closed)
const DiscardBody = Type.Object(
  { filter: Filter, reason: Type.String({ maxLength: 500, pattern: FilledTextPattern }) },
  closed,
)
const Plan = { filter: Filter, max_letters: Type.Integer({ minimum: 1, maximum: 100_000 }) }
const PlanBody = Type.Object(Plan, closed)
const ReplayBody = Type.Object(
  { ...Plan, rate_per_second: Type.Integer({ minimum: 1, maximum: 1_000 }) },
  closed,
)
const StateBody = Type.Object({ state: Type.Enum(['running', 'paused', 'cancelled']) }, closed)

/** Decoding each letter takes a look into Kafka: so many tell enough of a plan. */
const mostLookedAt = 500

/** `/api/ops/v1/dead-letters` and `/replays` */
export const letterRoutes: FastifyPluginAsyncTypebox<LetterRoutesOptions> = async (
  app,
  { pool, recordOf },
) => {
  const viewer = { onRequest: requireRole('viewer') }
  const operator = { onRequest: requireRole('operator') }

  app.get(
    '/api/ops/v1/dead-letters/groups',
    { ...viewer, schema: { querystring: FilterQuery } },
    async ({ query }) => ({
      items: await groupLetters(pool, filterOf(query)),
    }),
  )

  app.get(
    '/api/ops/v1/dead-letters',
    { ...viewer, schema: { querystring: PageQuery } },
    async ({ query }) => {
      const { after, limit = 50, ...filter } = query
      const items = await listLetters(pool, filterOf(filter), limit + 1, after)
      const page = items.slice(0, limit)
      return { items: page, next_after: items.length > limit ? (page.at(-1)?.letter_id ?? null) : null }
    },
  )

  app.get(
    '/api/ops/v1/dead-letters/:letter_id',
    { ...viewer, schema: { params: LetterPath } },
    async ({ params }) => letterAt(pool, params.letter_id),
  )

  app.get(
    '/api/ops/v1/dead-letters/:letter_id/message',
    { ...viewer, schema: { params: LetterPath, querystring: RevealQuery } },
    async (request, reply) => {
      const letter = await letterAt(pool, request.params.letter_id)
      const reveal = request.query.reveal === 'true'
      if (reveal) {
        await requireRole('operator').call(app, request, reply)
        const target = `dead letter ${letter.letter_id}`
        await appendAudit(pool, { actor: actorOf(request), action: 'personal_data.revealed', target })
      }
      const record = await recordOf(letter)
      if (!record)
        throw new AppError('not_found', 'fatal', 'the record of this letter is not on its topic any more')
      return toMessage(record, reveal)
    },
  )

  app.post(
    '/api/ops/v1/dead-letters/discard',
    { ...operator, schema: { body: DiscardBody } },
    async (request) => {
      const { filter, reason } = request.body
      const discarded = await discardLetters(pool, filterOf(filter), { reason, actor: actorOf(request) })
      return { discarded }
    },
  )

  app.post('/api/ops/v1/replays/plan', { ...viewer, schema: { body: PlanBody } }, async ({ body }) =>
    dryRun(pool, recordOf, filterOf(body.filter), Math.min(body.max_letters, mostLookedAt)),
  )

  app.post('/api/ops/v1/replays', { ...operator, schema: { body: ReplayBody } }, async (request, reply) => {
    const { filter, max_letters: maxLetters, rate_per_second: ratePerSecond } = request.body
    const createdBy = actorOf(request)
    const replayId = await createReplay(pool, {
      filter: filterOf(filter),
      maxLetters,
      ratePerSecond,
      createdBy,
    })
    return reply.code(201).send(await replayAt(pool, replayId))
  })

  app.get('/api/ops/v1/replays', viewer, async () => ({ items: await listReplays(pool, 20) }))

  app.get(
    '/api/ops/v1/replays/:replay_id',
    { ...viewer, schema: { params: ReplayPath } },
    async ({ params }) => replayAt(pool, params.replay_id),
  )

  app.put(
    '/api/ops/v1/replays/:replay_id/state',
    { ...operator, schema: { params: ReplayPath, body: StateBody } },
    async (request) => {
      const { replay_id: id } = request.params
      const { state } = request.body
      const before = await replayAt(pool, id)
      if (!(await changeReplay(pool, id, state, actorOf(request)))) {
        throw new AppError('replay_state', 'fatal', `a replay that is ${before.state} cannot become ${state}`)
      }
      return replayAt(pool, id)
    },
  )
}

function filterOf(given: Static<typeof Filter>): LetterFilter {
  const { state, consumer_group, error_code, error_pattern, failed_from, failed_to, letter_ids } = given
  return {
    ...(letter_ids && { letterIds: letter_ids }),
    ...(state && { state }),
    ...(consumer_group && { consumerGroup: consumer_group }),
    ...(error_code && { errorCode: error_code }),
    ...(error_pattern !== undefined && { errorPattern: error_pattern }),
    ...(failed_from && { failedFrom: new Date(failed_from) }),
    ...(failed_to && { failedTo: new Date(failed_to) }),
  }
}

async function letterAt(pool: Pool, id: string) {
  const [letter] = await listLetters(pool, { letterIds: [Number(id)] }, 1)
  if (letter) return letter
  throw new AppError('not_found', 'fatal', `there is no dead letter ${id}`)
}

async function replayAt(pool: Pool, id: string) {
  const replay = await findReplay(pool, id)
  if (replay) return replay
  throw new AppError('not_found', 'fatal', `there is no replay ${id}`)
}
