import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { encodeConsistencyToken } from '../platform/consistency-token.ts'
import { callerOf, requireCaller } from '../platform/http/caller.ts'
import { consistencyTokenHeader } from '../platform/http/own-headers.ts'
import { originOf } from '../platform/http/request-context.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { userOperations } from './operations.ts'
import { actingUser } from './rights.ts'
import { PreferencesBody, PutPreferences, PutUser, UserBody, UserPath } from './schemas.ts'
import { findUsers } from './store.ts'
import type { PreferenceChanges, User } from './user.ts'
import { type UserWriter, userNotFound, type WrittenUser } from './user-writer.ts'

export interface UserRoutesOptions {
  readonly writer: UserWriter
  readonly db: Pool
}

/** `PUT /api/v1/users/{user_id}`, `GET` and `PUT /api/v1/users/{user_id}/preferences` */
export const userRoutes: FastifyPluginAsyncTypebox<UserRoutesOptions> = async (app, { writer, db }) => {
  app.addHook('onRequest', requireCaller)
  // An address is nobody's business but the user's.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.put(
    '/api/v1/users/:user_id',
    {
      config: { operation: userOperations.putUser },
      schema: { params: UserPath, body: PutUser, response: { 200: UserBody, 201: UserBody } },
    },
    async (request, reply) => {
      const { user_id: userId } = request.params
      const by = actingUser(callerOf(request), userId)
      const { email, name = null, locale = null } = request.body
      const written = await writer.put(userId, { email, name, locale }, { by, origin: originOf(request) })
      reply.header(consistencyTokenHeader, tokenOf(written))
      return reply.code(written.isNew ? 201 : 200).send(toBody(written.user))
    },
  )

  app.get(
    '/api/v1/users/:user_id/preferences',
    {
      config: { operation: userOperations.getPreferences },
      schema: { params: UserPath, response: { 200: PreferencesBody } },
    },
    async (request) => {
      const { user_id: userId } = request.params
      actingUser(callerOf(request), userId)
      const user = (await withPostgres(() => findUsers(db, [userId]))).get(userId)
      if (!user) throw userNotFound()
      return user.preferences
    },
  )

  app.put(
    '/api/v1/users/:user_id/preferences',
    {
      config: { operation: userOperations.putPreferences },
      schema: { params: UserPath, body: PutPreferences, response: { 200: PreferencesBody } },
    },
    async (request, reply) => {
      const { user_id: userId } = request.params
      const by = actingUser(callerOf(request), userId)
      const changes = request.body satisfies PreferenceChanges
      const written = await writer.changePreferences(userId, changes, { by, origin: originOf(request) })
      reply.header(consistencyTokenHeader, tokenOf(written))
      return written.user.preferences
    },
  )
}

/** Not by the user's id alone, which may be that of a review. */
function tokenOf({ user, position }: WrittenUser): string {
  return encodeConsistencyToken({ aggregateId: `User ${user.user_id}`, version: user.version, position })
}

function toBody({ user_id, email, name, locale, created_at, updated_at }: User) {
  return { user_id, email, name, locale, created_at, updated_at }
}
