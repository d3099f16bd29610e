import { isatty } from 'node:tty'
import type { Tracer } from '@opentelemetry/api'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { variablesText } from './config/document.ts'
import { everyService } from './config/every-service.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { AppError, asError } from './errors.ts'
import type { Queryable } from './postgres/pool.ts'
import { followLogLevels, logLevelMetrics } from './telemetry/changed-log-levels.ts'
import { LogLevels } from './telemetry/log-levels.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'
import { startTracing } from './telemetry/tracing.ts'

/** What every process has, whatever it does. */
export interface Service<Name extends keyof Config> {
  readonly config: Pick<Config, Name>
  readonly log: Logger
  /** From now on log levels that an operator changes in this database hold here. */
  followLogLevels(db: Queryable): void
  readonly tracer: Tracer
  readonly metrics: Registry
  /** Called when the process stops, the last registered first. */
  onStop(what: string, release: () => Promise<unknown>): void
  /** True from the moment the process was asked to stop. */
  isDraining(): boolean
  /** Ends the process with an error, in order, to be started again by whoever supervises it. */
  fail(error: Error): void
}

const stopTimeoutMs = 15_000

/**
 * Runs one process: reads its configuration, starts what `start` makes, and on SIGTERM or SIGINT stops it in
 * reverse. Exits with 0 after an orderly stop, with 1 when it could not start, failed, or would not stop in time.
 */
export async function runService<const Name extends keyof Config>(
  name: string,
  variables: readonly Name[],
  start: (service: Service<Name>) => Promise<void>,
): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(variablesText([...variables, ...everyService]))
    process.exit(0)
  }
  const config = readOrExit(name, [...variables, ...everyService])
  const format = config.LOG_FORMAT === 'auto' ? (isatty(1) ? 'pretty' : 'json') : config.LOG_FORMAT
  const levels = new LogLevels(config.LOG_LEVEL)
  const log = createLogger({ service: name, level: levels, format })
  const metrics = new Registry()
  // By default it looks every 10 ms, which alone keeps an idle process busy.
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 })
  logLevelMetrics(metrics, levels)
  const tracing = startTracing({
    service: name,
    zipkinUrl: config.ZIPKIN_URL,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    tracesPerSecond: config.TRACES_PER_SECOND,
  })

  const releasers: { what: string; release: () => Promise<unknown> }[] = []
  let draining = false

  const stop = async (exitCode: number) => {
    if (draining) return
    draining = true
    const deadline = setTimeout(() => {
      log.fatal(`did not stop within ${stopTimeoutMs} ms`)
      process.exit(1)
    }, stopTimeoutMs)
    let code = exitCode
    for (const { what, release } of releasers.reverse()) {
      await release().catch((error: unknown) => {
        log.error({ err: error }, `stopping ${what} failed`)
        code = 1
      })
    }
    await tracing.stop().catch((error: unknown) => log.warn({ err: error }, 'the last spans were not sent'))
    clearTimeout(deadline)
    log.info('stopped')
    process.exit(code)
  }

  const fail = (error: Error) => {
    log.fatal({ err: error }, error.message)
    void stop(1)
  }
  process.on('SIGTERM', () => void stop(0))
  process.on('SIGINT', () => void stop(0))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', (reason) => fail(asError(reason)))

  try {
    await start({
      config,
      log,
      followLogLevels(db) {
        const following = followLogLevels({ service: name, levels, db, log })
        releasers.push({ what: 'following log levels', release: () => following.stop() })
      },
      tracer: tracing.tracer,
      metrics,
      onStop: (what, release) => releasers.push({ what, release }),
      isDraining: () => draining,
      fail,
    })
    log.info('ready')
  } catch (thrown) {
    const error = asError(thrown)
    log.fatal(
      error instanceof AppError && !error.cause ? { code: error.code } : { err: error },
      error.message,
    )
    await stop(1)
  }
}

function readOrExit<const Name extends keyof Config>(
  service: string,
  names: readonly Name[],
): Pick<Config, Name> {
  try {
    return readConfig(names)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${service}: ${error.message}\n`)
    process.exit(1)
  }
}
