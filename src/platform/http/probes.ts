import type { FastifyPluginAsync, onRequestAsyncHookHandler } from 'fastify'
import type { Registry } from 'prom-client'
import { asError } from '../errors.ts'
import { within } from '../within.ts'
import type { Operation } from './openapi/operation.ts'
import { getLiveness, getMetrics, getReadiness } from './probe-operations.ts'

/** One thing that a service depends on. `check` rejects when it is down. */
export interface Dependency {
  readonly name: string
  readonly check: () => Promise<unknown>
  /** Without it the service is not ready; without any other it is ready but degraded. */
  readonly essential?: boolean
}

export interface ProbesOptions {
  readonly dependencies: readonly Dependency[]
  /** Anything that writes Prometheus text. */
  readonly metrics: Pick<Registry, 'contentType' | 'metrics'>
  readonly isDraining: () => boolean
  /** Refuses who may not read the metrics, where not everybody may. */
  readonly mayReadMetrics?: onRequestAsyncHookHandler
}

interface DependencyHealth {
  readonly status: 'up' | 'down'
  readonly latency_ms: number
  readonly error?: string
}

const checkTimeoutMs = 1_000

/** `/health/live`, `/health/ready` and `/metrics`, the same on every service. */
export const probes: FastifyPluginAsync<ProbesOptions> = async (
  app,
  { dependencies, metrics, isDraining, mayReadMetrics },
) => {
  const quiet = (operation: Operation) => ({ logLevel: 'silent', config: { operation } }) as const

  app.get('/health/live', quiet(getLiveness), async () => ({ status: 'ok' }))

  app.get('/health/ready', quiet(getReadiness), async (_request, reply) => {
    const checked = await Promise.all(dependencies.map(async (d) => ({ ...d, health: await healthOf(d) })))
    const down = checked.filter(({ health }) => health.status === 'down')
    const ready = !isDraining() && down.every(({ essential }) => !essential)
    const status = isDraining() ? 'draining' : down.length === 0 ? 'ok' : ready ? 'degraded' : 'unavailable'
    reply.code(ready ? 200 : 503)
    if (!ready) reply.header('retry-after', '1')
    return { status, dependencies: Object.fromEntries(checked.map(({ name, health }) => [name, health])) }
  })

  app.get('/metrics', { ...quiet(getMetrics), onRequest: mayReadMetrics ?? [] }, async (_request, reply) => {
    reply.type(metrics.contentType)
    return metrics.metrics()
  })
}

async function healthOf({ check }: Dependency): Promise<DependencyHealth> {
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  try {
    await within(checkTimeoutMs, check())
    return { status: 'up', latency_ms: elapsed() }
  } catch (thrown) {
    const error = asError(thrown)
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
    // The code alone: a message may name hosts.
    return { status: 'down', latency_ms: elapsed(), error: code }
  }
}
