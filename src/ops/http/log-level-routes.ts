import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { serviceNames } from '../../contracts/service-names.ts'
import { AppError } from '../../platform/errors.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import {
  changeLogLevels,
  listChangedLogLevels,
  resetLogLevels,
} from '../../platform/telemetry/changed-log-levels.ts'
import { logLevelsForm, parseLogLevels } from '../../platform/telemetry/log-levels.ts'
import { type LogLevelsOfService, maxLogLevelMinutes } from '../contract/log-levels.ts'
import { actorOf, requireRole } from './roles.ts'

const ServicePath = Type.Object({
  service: Type.Union(serviceNames.map((name) => Type.Literal(name))),
})
const LevelsBody = Type.Object(
  {
    levels: Type.String({ minLength: 1, maxLength: 300 }),
    minutes: Type.Integer({ minimum: 1, maximum: maxLogLevelMinutes }),
  },
  { additionalProperties: false },
)

/** `/api/ops/v1/log-levels` */
export const logLevelRoutes: FastifyPluginAsyncTypebox<{ readonly pool: Pool }> = async (app, { pool }) => {
  const administrator = { onRequest: requireRole('admin') }
  const path = '/api/ops/v1/log-levels/:service'

  app.get('/api/ops/v1/log-levels', { onRequest: requireRole('viewer') }, async () => {
    const changes = new Map((await listChangedLogLevels(pool)).map((one) => [one.service, one]))
    const items = serviceNames.map((service): LogLevelsOfService => {
      const one = changes.get(service)
      const changed = one && { levels: one.levels, by: one.changed_by, until: one.expires_at.toISOString() }
      return { service, changed: changed ?? null }
    })
    return { items }
  })

  app.put(
    path,
    { ...administrator, schema: { params: ServicePath, body: LevelsBody } },
    async (request): Promise<LogLevelsOfService> => {
      const { service } = request.params
      const { levels, minutes } = request.body
      if (!parseLogLevels(levels)) {
        throw new AppError('validation_failed', 'fatal', `levels is "${levels}": it wants ${logLevelsForm}`)
      }
      const by = actorOf(request)
      const until = await changeLogLevels(pool, { service, levels, minutes, actor: by })
      return { service, changed: { levels, by, until: until.toISOString() } }
    },
  )

  app.delete(
    path,
    { ...administrator, schema: { params: ServicePath } },
    async (request): Promise<LogLevelsOfService> => {
      const { service } = request.params
      await resetLogLevels(pool, service, actorOf(request))
      return { service, changed: null }
    },
  )
}
