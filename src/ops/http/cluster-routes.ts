import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import { listSubjects, readSubject } from '../../platform/schema-registry/read-subjects.ts'
import { describeCluster } from '../cluster/describe-cluster.ts'
import { requireRole } from './roles.ts'

export interface ClusterRoutesOptions {
  readonly admin: Admin
  readonly replicationFactor: number
  /** Null where there is none. */
  readonly registry: { readonly url: string; readonly prefix: string } | null
}

const VersionPath = Type.Object({
  subject: Type.String({ minLength: 1, maxLength: 300 }),
  version: Type.String({ pattern: '^\\d{1,9}$' }),
})

/** `/api/ops/v1/cluster` and `/schemas` */
export const clusterRoutes: FastifyPluginAsyncTypebox<ClusterRoutesOptions> = async (app, options) => {
  const { admin, replicationFactor, registry } = options
  const viewer = { onRequest: requireRole('viewer') }

  const known = () => {
    if (registry) return registry
    throw new AppError('not_found', 'fatal', 'no schema registry is configured (SCHEMA_REGISTRY_URL)')
  }

  app.get('/api/ops/v1/cluster', viewer, async () => describeCluster(admin, replicationFactor))

  app.get('/api/ops/v1/schemas', viewer, async () => {
    const { url, prefix } = known()
    return { items: await listSubjects(url, prefix) }
  })

  app.get(
    '/api/ops/v1/schemas/:subject/:version',
    { ...viewer, schema: { params: VersionPath } },
    async ({ params }) => {
      const { url, prefix } = known()
      return readSubject(url, prefix, params.subject, Number(params.version))
    },
  )
}
