import { ZipkinExporter } from '@opentelemetry/exporter-zipkin'
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'

// The exporter is deprecated in favour of OTLP, but a local Zipkin reads nothing else: docs/adr/0008-zipkin.md.
export function zipkinExporter(url: string): SpanExporter {
  return new ZipkinExporter({ url })
}
