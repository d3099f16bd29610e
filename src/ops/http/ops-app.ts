import type { Tracer } from '@opentelemetry/api'
import type { Registry } from 'prom-client'
import { identifier, type Verify } from '../../platform/http/caller.ts'
import { createHttpServer, type HttpServer } from '../../platform/http/server.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import type { JourneySources } from '../journeys/find-journey.ts'
import { auditRoutes } from './audit-routes.ts'
import { type ClusterRoutesOptions, clusterRoutes } from './cluster-routes.ts'
import { consoleFiles } from './console-files.ts'
import { EventStreams } from './event-stream.ts'
import { type GroupRoutesOptions, groupRoutes } from './group-routes.ts'
import { journeyRoutes } from './journey-routes.ts'
import { type LetterRoutesOptions, letterRoutes } from './letter-routes.ts'
import { type LiveRoutesOptions, liveRoutes } from './live-routes.ts'
import { logLevelRoutes } from './log-level-routes.ts'
import { type MessageRoutesOptions, messageRoutes } from './message-routes.ts'
import { type TopicRoutesOptions, topicRoutes } from './topic-routes.ts'

export interface OpsParts
  extends Omit<LiveRoutesOptions, 'streams'>,
    Omit<GroupRoutesOptions, 'watch'>,
    LetterRoutesOptions,
    JourneySources,
    Omit<TopicRoutesOptions, 'watch'>,
    Omit<MessageRoutesOptions, 'streams'>,
    ClusterRoutesOptions {
  readonly log: Logger
  readonly tracer: Tracer
  readonly metrics: Registry
  /** Null leaves the console open: anybody who reaches it is an administrator. */
  readonly verify: Verify | null
  readonly allowedHosts: readonly string[]
  /** Where the built console lies. */
  readonly consoleFolder: string
}

/** The console and its API, not yet listening. */
export async function createOpsApp(parts: OpsParts): Promise<HttpServer> {
  const { log, tracer, metrics, verify } = parts
  const server = createHttpServer({ tracer, log, metrics, open: verify === null ? parts : null })
  const { app } = server
  const streams = new EventStreams()

  await app.register(consoleFiles, { folder: parts.consoleFolder })
  await app.register(async (api) => {
    api.addHook('onRequest', identifier(verify))
    await api.register(liveRoutes, { ...parts, streams })
    await api.register(groupRoutes, parts)
    await api.register(letterRoutes, parts)
    await api.register(journeyRoutes, parts)
    await api.register(auditRoutes, parts)
    await api.register(topicRoutes, parts)
    await api.register(messageRoutes, { ...parts, streams })
    await api.register(clusterRoutes, parts)
    await api.register(logLevelRoutes, parts)
  })
  return {
    app,
    drain: async () => {
      await streams.stop()
      await server.drain()
    },
  }
}
