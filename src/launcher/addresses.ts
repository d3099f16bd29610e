import type { Secrets } from './home.ts'
import { infrastructure, type PartName } from './part.ts'
import { postgresUrl } from './parts/postgres.ts'
import type { Ports } from './ports.ts'

type Environment = Readonly<Record<string, string | undefined>>
type InfrastructureName = (typeof infrastructure)[number]

/** An address under one of these names means that the part is somebody else's. */
const givenBy: Record<InfrastructureName, readonly string[]> = {
  'kafka-1': ['KAFKA_BROKERS'],
  'kafka-2': ['KAFKA_BROKERS'],
  'kafka-3': ['KAFKA_BROKERS'],
  postgres: ['DATABASE_URL'],
  redis: ['REDIS_URL'],
  'schema-registry': ['SCHEMA_REGISTRY_URL'],
  mail: ['SMTP_URL'],
  traces: ['ZIPKIN_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
}

/** The parts that need not be started, with their addresses, free of credentials. */
export function externalParts(environment: Environment): Map<PartName, string> {
  const external = new Map<PartName, string>()
  for (const name of infrastructure) {
    const address = givenBy[name].map((variable) => environment[variable]).find(Boolean)
    if (address) external.set(name, withoutCredentials(address))
  }
  return external
}

/**
 * Where everything is, by the names under which the services look for it: as given in the environment, and of
 * the stack's own parts otherwise.
 */
export function addressesOf(
  ports: Ports,
  secrets: Secrets,
  environment: Environment,
): Record<string, string> {
  const at = (port: { number: number }) => `127.0.0.1:${port.number}`
  const external = externalParts(environment)
  const own: Record<string, string> = {
    DATABASE_URL: postgresUrl(ports.postgres.number, secrets.postgresPassword),
    REDIS_URL: `redis://:${secrets.redisPassword}@${at(ports.redis)}/0`,
    KAFKA_BROKERS: [ports.kafka1, ports.kafka2, ports.kafka3].map(at).join(','),
    SCHEMA_REGISTRY_URL: `http://${at(ports.schemaRegistry)}/apis/ccompat/v7`,
    SMTP_URL: `smtp://${at(ports.smtp)}`,
    ...(!external.has('mail') && { MAIL_INBOX_URL: `http://${at(ports.mail)}` }),
    ...(!external.has('traces') && { ZIPKIN_URL: `http://${at(ports.traces)}` }),
  }
  for (const variable of Object.values(givenBy).flat()) {
    const given = environment[variable]
    if (given) own[variable] = given
  }
  return { ...own, ...servicePorts(ports) }
}

function servicePorts(ports: Ports): Record<string, string> {
  const { api, relay, notificationWorker, analyticsWorker, cacheWorker, exporter, console } = ports
  const own = [api, relay, notificationWorker, analyticsWorker, cacheWorker, exporter, console]
  return Object.fromEntries(own.map((port) => [port.variable, `${port.number}`]))
}

function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//')
}
