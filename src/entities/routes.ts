import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { encodeConsistencyToken } from '../platform/consistency-token.ts'
import {
  assertScope,
  type Caller,
  callerOf,
  forbidden,
  hasRole,
  requireCaller,
} from '../platform/http/caller.ts'
import { consistencyTokenHeader } from '../platform/http/own-headers.ts'
import { type Pool, withPostgres } from '../platform/postgres/pool.ts'
import { entityOperations } from './operations.ts'
import { EntityBody, EntityPath, PutEntity } from './schemas.ts'
import { putEntity } from './store.ts'

export interface EntityRoutesOptions {
  readonly db: Pool
  readonly now: () => Date
}

/** `PUT /api/v1/entities/{entity_type}/{entity_id}` */
export const entityRoutes: FastifyPluginAsyncTypebox<EntityRoutesOptions> = async (app, { db, now }) => {
  app.put(
    '/api/v1/entities/:entity_type/:entity_id',
    {
      onRequest: requireCaller,
      config: { operation: entityOperations.putEntity },
      schema: { params: EntityPath, body: PutEntity, response: { 200: EntityBody, 201: EntityBody } },
    },
    async (request, reply) => {
      const administrator = administratorOf(callerOf(request))
      const { name, url = null, owner_id = null } = request.body
      const { entity, isNew, position } = await withPostgres(() =>
        putEntity(db, request.params, { name, url, owner_id }, { at: now().toISOString(), administrator }),
      )
      const aggregateId = `Entity ${entity.entity_type}:${entity.entity_id}`
      reply.header(consistencyTokenHeader, encodeConsistencyToken({ aggregateId, version: 1, position }))
      return reply.code(isNew ? 201 : 200).send(entity)
    },
  )
}

/** The administrator who acts; null where a server does, or anybody. @throws {AppError} `forbidden` */
function administratorOf(caller: Caller): string | null {
  assertScope(caller, 'entities:write')
  if (caller.kind !== 'user') return null
  if (hasRole(caller, 'admin')) return caller.subject
  throw forbidden('this is for administrators and for servers')
}
