import { join } from 'node:path'
import type { Downloads } from '../downloads.ts'
import type { Java, Javas } from '../java.ts'
import type { Part, Port } from '../part.ts'
import { answersHttp } from '../probes.ts'

/** Zipkin, which keeps the latest spans in memory. */
export function tracesPart(options: { port: Port; downloads: Downloads; javas: Javas }): Part {
  const { port, downloads, javas } = options
  let java: Java
  return {
    name: 'traces',
    ports: [port],
    url: `http://127.0.0.1:${port.number}/zipkin/`,
    prepare: async (say, signal) => {
      java = await javas.atLeast(17, 'traces')
      await downloads.have('traces', say, signal)
    },
    command: () => ({
      file: java.file,
      args: [
        // All of it from the start, and as many spans as leave half of it free: a full heap is cleared all the time.
        '-Xms256m',
        '-Xmx256m',
        '-XX:+AlwaysPreTouch',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-jar',
        join(downloads.folder('traces'), 'zipkin-server-exec.jar'),
        // --server.address would not keep it on loopback.
        '--armeria.ports[0].ip=127.0.0.1',
        `--armeria.ports[0].port=${port.number}`,
        '--armeria.ports[0].protocols[0]=http',
        '--zipkin.storage.mem.max-spans=60000',
      ],
    }),
    isReady: () => answersHttp(`http://127.0.0.1:${port.number}/health`),
    stop: { signal: 'SIGTERM', deadlineMs: 4_000 },
  }
}
