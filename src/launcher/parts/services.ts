import { join } from 'node:path'
import { compileCache } from '../compile-cache.ts'
import { buildConsole } from '../console-build.ts'
import type { Part, PartName, Port } from '../part.ts'
import type { Ports } from '../ports.ts'
import { answersHttp } from '../probes.ts'

const sources = join(import.meta.dirname, '..', '..', 'services')

/**
 * Node takes what memory a machine has before it looks for garbage. Of each service some 40 MB live, and with these it
 * has its room for what is new from the start, and looks whenever half as much has come on top of what lives: so its
 * memory is the same after a minute as after a day. The API has more room, since somebody waits while it looks. How much
 * a service may take at most is left as it is.
 */
const smallHeap = (name: PartName) => {
  const room = name === 'api' ? 16 : 8
  return [`--min-semi-space-size=${room}`, `--max-semi-space-size=${room}`, '--heap-growing-percent=50']
}
/** glibc keeps a heap for each thread otherwise, and Node has many that do little. */
const fewArenas = { MALLOC_ARENA_MAX: '2' }

/**
 * TheReview itself: one process for each service, with its addresses in the environment.
 * @param inherited what the services get besides, and with it perhaps an address to listen on
 */
export function serviceParts(
  ports: Ports,
  addresses: Record<string, string>,
  inherited: NodeJS.ProcessEnv,
): Part[] {
  const probed = { api: reachable(inherited.API_HOST), others: reachable(inherited.PROBES_HOST) }
  const service = (name: PartName, port: Port, url: string): Part => ({
    name,
    ports: [port],
    url,
    command: () => ({
      file: process.execPath,
      args: [...smallHeap(name), join(sources, `${name}.ts`)],
      env: { ...addresses, ...fewArenas, NODE_COMPILE_CACHE: compileCache, INSTANCE_ID: name },
    }),
    isReady: () =>
      answersHttp(`http://${name === 'api' ? probed.api : probed.others}:${port.number}/health/ready`),
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

/** Where a process answers that listens on this host: on all of them is on loopback too. */
function reachable(host: string | undefined): string {
  if (!host || host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}
