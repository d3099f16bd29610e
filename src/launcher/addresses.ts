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

export type Addresses = {
  /** By the names under which the services look for them. */
  variables: Record<string, string>
  /** The parts that need not be started, with their addresses, free of credentials. */
  external: Map<PartName, string>
}

/**
 * Where everything is: as given in the environment, and of the stack's own parts otherwise. What `thereview env`
 * has put into a shell is no address of somebody else's, so a part given by its own address stays our own.
 */
export function addressesOf(ports: Ports, secrets: Secrets, environment: Environment): Addresses {
  const own = ownAddresses(ports, secrets)
  const external = new Map<PartName, string>()
  const variables = { ...own }
  for (const name of infrastructure) {
    const given = givenBy[name].filter(
      (variable) => environment[variable] && environment[variable] !== own[variable],
    )
    if (given.length === 0) continue
    for (const variable of givenBy[name]) delete variables[variable]
    for (const variable of given) variables[variable] = environment[variable] ?? ''
    external.set(name, withoutCredentials(variables[given[0] ?? ''] ?? ''))
  }
  if (external.has('mail')) delete variables.MAIL_INBOX_URL
  return { variables: { ...variables, ...servicePorts(ports) }, external }
}

function ownAddresses(ports: Ports, secrets: Secrets): Record<string, string> {
  const at = (port: { number: number }) => `127.0.0.1:${port.number}`
  return {
    DATABASE_URL: postgresUrl(ports.postgres.number, secrets.postgresPassword),
    REDIS_URL: `redis://:${secrets.redisPassword}@${at(ports.redis)}/0`,
    KAFKA_BROKERS: [ports.kafka1, ports.kafka2, ports.kafka3].map(at).join(','),
    SCHEMA_REGISTRY_URL: `http://${at(ports.schemaRegistry)}/apis/ccompat/v7`,
    SMTP_URL: `smtp://${at(ports.smtp)}`,
    MAIL_INBOX_URL: `http://${at(ports.mail)}`,
    ZIPKIN_URL: `http://${at(ports.traces)}`,
  }
}

function servicePorts(ports: Ports): Record<string, string> {
  const { api, relay, notificationWorker, analyticsWorker, cacheWorker, exporter, console } = ports
  const own = [api, relay, notificationWorker, analyticsWorker, cacheWorker, exporter, console]
  return Object.fromEntries(own.map((port) => [port.variable, `${port.number}`]))
}

/** Credentials may stand before the host, and in a query. Of what is no URL nothing but a host and a port is shown. */
function withoutCredentials(address: string): string {
  const url = URL.parse(address)
  if (!url?.host) return /^[\w.,:[\]-]*$/.test(address) ? address : '(an address)'
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`
}
