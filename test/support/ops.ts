import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { recordOfLetter } from '../../src/ops/dead-letters/letter-source.ts'
import type { TimestampAt } from '../../src/ops/exporter/kafka-metrics.ts'
import { createOpsApp, type OpsParts } from '../../src/ops/http/ops-app.ts'
import { gather } from '../../src/ops/pipeline/gather.ts'
import { PipelineWatch } from '../../src/ops/pipeline/watch.ts'
import { applyTopics } from '../../src/platform/kafka/apply-topics.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { startTracing } from '../../src/platform/telemetry/tracing.ts'
import type { TestEnvironment } from './environment.ts'
import { silent } from './silent.ts'

/** The console's API on real parts, not listening: for `inject`. */
export async function startOps(environment: TestEnvironment, parts: Partial<OpsParts> = {}) {
  const pool = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test ops' })
  const kafka = createKafka({
    brokers: environment.KAFKA_BROKERS.split(','),
    prefix: environment.KAFKA_PREFIX,
    clientId: 'test ops',
    log: silent,
  })
  const admin = kafka.admin()
  const reader = kafka.recordReader()
  await applyTopics(admin, 3)
  const timestampAt: TimestampAt = async (topic, partition, offset) =>
    (await reader.read(topic, partition, offset))[0]?.timestamp ?? null
  const watch = new PipelineWatch({
    gather: () => gather({ admin, pool, services: [], timestampAt, replicationFactor: 3, now: Date.now }),
    db: pool,
    log: silent,
  })
  const tracing = startTracing({ service: 'test', zipkinUrl: null, otlpEndpoint: null, tracesPerSecond: 0 })
  const { app, drain } = await createOpsApp({
    log: silent,
    tracer: tracing.tracer,
    metrics: new Registry(),
    verify: null,
    allowedHosts: [],
    consoleFolder: mkdtempSync(join(tmpdir(), 'console-')),
    environment: 'test',
    tracesUrl: null,
    admin,
    pool,
    reader,
    follow: (topic) => kafka.reader({ topics: [topic], from: 'latest' }),
    watch,
    timestampAt,
    prometheusUrl: null,
    recordOf: recordOfLetter(reader),
    replicationFactor: 3,
    registry: { url: environment.SCHEMA_REGISTRY_URL, prefix: environment.KAFKA_PREFIX },
    now: Date.now,
    ...parts,
  })
  watch.start()
  const base = '/api/ops/v1'
  return {
    app,
    pool,
    kafka,
    admin,
    reader,
    watch,
    get: (path: string, headers: Record<string, string> = {}) =>
      app.inject({ method: 'GET', url: base + path, headers }),
    send: (
      method: 'POST' | 'PUT' | 'DELETE',
      path: string,
      payload: object,
      headers: Record<string, string> = {},
    ) => app.inject({ method, url: base + path, payload, headers }),
    stop: async () => {
      await drain()
      await watch.stop()
      await Promise.all([admin.close(), reader.close(), tracing.stop()])
      await pool.end()
    },
  }
}
