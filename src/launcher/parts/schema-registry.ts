import { join } from 'node:path'
import type { Downloads } from '../downloads.ts'
import type { Java, Javas } from '../java.ts'
import type { Part, Port } from '../part.ts'
import { answersHttp } from '../probes.ts'

/** Apicurio, asked in Confluent's language. It keeps its schemas in a file database in the home. */
export function schemaRegistryPart(options: {
  port: Port
  dataFolder: string
  downloads: Downloads
  javas: Javas
}): Part {
  const { port, dataFolder, downloads, javas } = options
  const folder = downloads.folder('schema-registry')
  const url = `http://127.0.0.1:${port.number}/apis/ccompat/v7`
  let java: Java
  return {
    name: 'schema-registry',
    ports: [port],
    url,
    prepare: async (say, signal) => {
      java = await javas.atLeast(21, 'schema-registry')
      await downloads.have('schema-registry', say, signal)
    },
    command: () => ({
      file: java.file,
      cwd: folder,
      args: [
        '-Xms64m',
        '-Xmx384m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${port.number}`,
        // Its second door, which nobody here needs, would stand open on 0.0.0.0:9000.
        '-Dquarkus.management.host=127.0.0.1',
        '-Dquarkus.management.port=0',
        '-Dapicurio.storage.kind=sql',
        '-Dapicurio.storage.sql.kind=h2',
        `-Dapicurio.datasource.url=jdbc:h2:file:${join(dataFolder, 'registry')}`,
        '-jar',
        'quarkus-run.jar',
      ],
    }),
    isReady: () => answersHttp(`${url}/subjects`),
    stop: { signal: 'SIGTERM', deadlineMs: 5_000 },
  }
}
