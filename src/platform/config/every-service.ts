import type { VariableName } from '../config.ts'

/** What every service reads, beside what is its own. */
export const everyService = [
  'LOG_LEVEL',
  'LOG_FORMAT',
  'ZIPKIN_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'TRACES_PER_SECOND',
] as const satisfies readonly VariableName[]
