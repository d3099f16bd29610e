import { join } from 'node:path'
import type { Downloads } from './downloads.ts'
import type { Home, Secrets } from './home.ts'
import type { Javas } from './java.ts'
import type { Part } from './part.ts'
import { kafkaParts } from './parts/kafka.ts'
import { mailPart } from './parts/mail.ts'
import { postgresPart } from './parts/postgres.ts'
import { redisPart } from './parts/redis.ts'
import { schemaRegistryPart } from './parts/schema-registry.ts'
import { serviceParts } from './parts/services.ts'
import { tracesPart } from './parts/traces.ts'
import type { Ports } from './ports.ts'

/** Every part of the stack, in the order of `partNames`. */
export function allParts(options: {
  home: Home
  ports: Ports
  secrets: Secrets
  downloads: Downloads
  javas: Javas
  addresses: Record<string, string>
  environment: NodeJS.ProcessEnv
}): Part[] {
  const { home, ports, secrets, downloads, javas, addresses, environment } = options
  return [
    ...kafkaParts({ ports, home, clusterId: secrets.kafkaClusterId, downloads, javas }),
    postgresPart({
      port: ports.postgres,
      password: secrets.postgresPassword,
      dataFolder: home.data('postgres'),
    }),
    redisPart({ port: ports.redis, password: secrets.redisPassword, downloads }),
    schemaRegistryPart({
      port: ports.schemaRegistry,
      dataFolder: home.data('schema-registry'),
      downloads,
      javas,
    }),
    mailPart({ port: ports.mail, smtp: ports.smtp, dataFolder: home.data('mail') }),
    tracesPart({ port: ports.traces, downloads, javas }),
    ...serviceParts(ports, addresses, environment),
  ]
}

/** Downloads are the project's, not the home's: every stack of this project shares them. */
export const downloadsFolder = join(import.meta.dirname, '..', '..', '.thereview', 'parts')
