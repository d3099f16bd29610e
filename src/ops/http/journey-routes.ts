import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Id } from '../../platform/http/fields.ts'
import { findJourney, type JourneySources } from '../journeys/find-journey.ts'
import { requireRole } from './roles.ts'

const JourneyQuery = Type.Object({ id: Id }, { additionalProperties: false })

/** `/api/ops/v1/journeys?id=` */
export const journeyRoutes: FastifyPluginAsyncTypebox<JourneySources> = async (app, sources) => {
  app.get(
    '/api/ops/v1/journeys',
    { onRequest: requireRole('viewer'), schema: { querystring: JourneyQuery } },
    async ({ query }) => findJourney(sources, query.id),
  )
}
