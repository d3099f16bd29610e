import { join } from 'node:path'
import { buildConsole } from '../console-build.ts'
import type { Part, PartName, Port } from '../part.ts'
import type { Ports } from '../ports.ts'
import { answersHttp } from '../probes.ts'

const sources = join(import.meta.dirname, '..', '..', 'services')

/** TheReview itself: one process for each service, with its addresses in the environment. */
export function serviceParts(ports: Ports, environment: Record<string, string>): Part[] {
  const service = (name: PartName, port: Port, url: string): Part => ({
    name,
    ports: [port],
    url,
    command: () => ({
      file: process.execPath,
      args: [join(sources, `${name}.ts`)],
      env: { ...environment, INSTANCE_ID: name },
    }),
    isReady: () => answersHttp(`http://127.0.0.1:${port.number}/health/ready`),
    stop: { signal: 'SIGTERM', deadlineMs: 8_000 },
  })
  const at = (port: Port) => `http://127.0.0.1:${port.number}`
  return [
    service('api', ports.api, `http://localhost:${ports.api.number}`),
    service('relay', ports.relay, at(ports.relay)),
    service('notification-worker', ports.notificationWorker, at(ports.notificationWorker)),
    service('analytics-worker', ports.analyticsWorker, at(ports.analyticsWorker)),
    service('cache-worker', ports.cacheWorker, at(ports.cacheWorker)),
    {
      ...service('ops', ports.exporter, `http://localhost:${ports.console.number}`),
      ports: [ports.console, ports.exporter],
      prepare: buildConsole,
    },
  ]
}
