import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { listAudit } from '../../platform/audit/audit.ts'
import type { Pool } from '../../platform/postgres/pool.ts'
import type { AuditPage } from '../contract/audit.ts'
import { requireRole } from './roles.ts'

const AuditQuery = Type.Object(
  { before: Type.Optional(Type.Integer({ minimum: 1 })) },
  { additionalProperties: false },
)
const pageEntries = 50

/** `/api/ops/v1/audit` */
export const auditRoutes: FastifyPluginAsyncTypebox<{ readonly pool: Pool }> = async (app, { pool }) => {
  app.get(
    '/api/ops/v1/audit',
    { onRequest: requireRole('viewer'), schema: { querystring: AuditQuery } },
    async ({ query }): Promise<AuditPage> => {
      const entries = await listAudit(pool, pageEntries + 1, query.before ?? null)
      const items = entries.slice(0, pageEntries)
      return {
        items: items.map((entry) => ({ ...entry, occurred_at: entry.occurred_at.toISOString() })),
        next_before: entries.length > pageEntries ? (items.at(-1)?.number ?? null) : null,
      }
    },
  )
}
