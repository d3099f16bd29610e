import { trace } from '@opentelemetry/api'
import { Registry } from 'prom-client'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createApiApp } from '../../src/services/api-app.ts'

/** The API's document, from the API itself. */
export async function apiDocument(options: { open: boolean }): Promise<Record<string, unknown>> {
  const { app, stop } = await apiWithoutParts(options)
  const answer = await app.inject('/openapi.json')
  await stop()
  return answer.json()
}

/** The API without any of the parts that it needs to answer more than its document and the page of it. */
export async function apiWithoutParts({ open }: { open: boolean }) {
  const away = () => Promise.reject(new Error('there are no parts'))
  const pool = createPool({ url: 'postgres://127.0.0.1:1/none', size: 1, applicationName: 'document' })
  const { app } = await createApiApp({
    log: createLogger({ service: 'document', level: 'silent', format: 'json' }),
    tracer: trace.getTracer('document'),
    metrics: new Registry(),
    now: () => new Date(),
    reads: pool,
    writes: pool,
    inserts: pool,
    cache: { read: away, fence: away },
    views: { add: () => 0 },
    prior: { mean: 3.5, weight: 10 },
    verify: open ? null : away,
    limits: null,
    allowedHosts: [],
    corsOrigins: [],
    trustedProxies: [],
    dependencies: [],
    isDraining: () => false,
  })
  const stop = async () => {
    await app.close()
    await pool.end()
  }
  return { app, stop }
}
