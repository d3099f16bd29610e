import { fastify } from 'fastify'
import { type ProbesOptions, probes } from './probes.ts'

export interface ProbeServer {
  readonly url: string
  close(): Promise<void>
}

/** The health and metrics of a process that has no HTTP of its own. */
export async function startProbeServer(
  options: ProbesOptions & { readonly host: string; readonly port: number },
): Promise<ProbeServer> {
  const app = fastify()
  await app.register(probes, options)
  const url = await app.listen({ host: options.host, port: options.port })
  return { url, close: () => app.close() }
}
