import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import { callerOf } from '../../platform/http/caller.ts'
import type { Overview } from '../contract/overview.ts'
import type { Session } from '../contract/session.ts'
import type { PipelineWatch } from '../pipeline/watch.ts'
import type { EventStreams } from './event-stream.ts'
import { actorOf, consoleRoleOf, requireRole } from './roles.ts'

export interface LiveRoutesOptions {
  readonly watch: PipelineWatch
  readonly streams: EventStreams
  readonly environment: string
  readonly tracesUrl: string | null
}

/** Who looks, and what they see at once: `/api/ops/v1/session`, `/overview`, `/live`. */
export const liveRoutes: FastifyPluginAsync<LiveRoutesOptions> = async (app, options) => {
  const { watch, streams, environment, tracesUrl } = options

  app.get('/api/ops/v1/session', { onRequest: requireRole('viewer') }, async (request): Promise<Session> => {
    const caller = callerOf(request)
    return {
      actor: actorOf(request),
      role: consoleRoleOf(caller) ?? 'viewer',
      open: caller.kind === 'anybody',
      environment,
      traces_url: tracesUrl,
    }
  })

  app.get('/api/ops/v1/overview', { onRequest: requireRole('viewer') }, async (): Promise<Overview> => {
    const { overview } = watch
    if (overview) return overview
    throw new AppError('unavailable', 'retryable', 'the first look at the pipeline is under way')
  })

  app.get('/api/ops/v1/live', { onRequest: requireRole('viewer') }, async (request, reply) => {
    const stream = streams.open(request, reply)
    if (watch.overview) stream.send('overview', watch.overview)
    const unwatch = watch.watch((overview) => stream.send('overview', overview))
    stream.signal.addEventListener('abort', unwatch)
  })
}
