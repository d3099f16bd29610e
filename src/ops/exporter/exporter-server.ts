import { Registry } from 'prom-client'
import { type ProbeServer, startProbeServer } from '../../platform/http/probe-server.ts'
import type { Dependency } from '../../platform/http/probes.ts'
import { type Logger, moduleLog } from '../../platform/telemetry/logger.ts'
import type { Exporter } from './exporter.ts'

export interface ExporterServerOptions {
  readonly host: string
  readonly port: number
  readonly exporter: Exporter
  /** Kafka's metrics, and the process's own. */
  readonly registries: readonly Registry[]
  readonly dependencies: readonly Dependency[]
  readonly isDraining: () => boolean
  readonly log: Logger
}

/** `/metrics` of Kafka and of this process, and its health. While Kafka is silent, its metrics are left out. */
export function startExporterServer(options: ExporterServerOptions): Promise<ProbeServer> {
  const { host, port, exporter, registries, dependencies, isDraining } = options
  const log = moduleLog(options.log, 'exporter')
  const [kafka, ...own] = registries
  const all = Registry.merge([...registries])
  const withoutKafka = Registry.merge(own)
  const metrics = {
    contentType: kafka?.contentType ?? all.contentType,
    async metrics(): Promise<string> {
      try {
        await exporter.refresh()
        return await all.metrics()
      } catch (error) {
        log.warn({ err: error }, 'kafka does not answer; its metrics are left out')
        return withoutKafka.metrics()
      }
    },
  }
  return startProbeServer({ host, port, dependencies, metrics, isDraining })
}
