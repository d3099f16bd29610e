import { readFileSync } from 'node:fs'
import { rules } from './config/rules.ts'
import {
  brokers,
  decimal,
  flag,
  hosts,
  integer,
  namedUrls,
  networks,
  oneOf,
  optionalText,
  optionalUrl,
  origins,
  port,
  required,
  secretKey,
  text,
  url,
  type Variable,
} from './config/variable.ts'
import {
  type LogLevelSettings,
  logLevelsForm,
  logLevelsText,
  parseLogLevels,
} from './telemetry/log-levels.ts'

const places = {
  DATABASE_URL: url(['postgres', 'postgresql'], { about: 'Postgres', fallback: required, secret: true }),
  DATABASE_POOL_SIZE: integer({
    about: 'Postgres connections for reads of one process, which has 7 more for writes',
    fallback: 10,
    min: 2,
    max: 200,
  }),
  REDIS_URL: url(['redis', 'rediss'], {
    about: 'Redis, with the number of its database',
    fallback: required,
    secret: true,
  }),
  KAFKA_BROKERS: brokers({ about: 'Kafka bootstrap brokers', fallback: required }),
  KAFKA_PREFIX: {
    about: 'put before every topic, group and subject, so that several deployments can share one cluster',
    fallback: '',
    wants: 'at most 100 of A-Z a-z 0-9 . _ -',
    parse: (given: string) => (/^[A-Za-z0-9._-]{0,100}$/.test(given) ? given : undefined),
  } satisfies Variable<string>,
  INSTANCE_ID: optionalText({
    about: 'names a worker within its group for ever, to have its partitions back at once after a kill',
    fallback: null,
  }),
  KAFKA_REPLICATION_FACTOR: integer({
    about: 'replicas of each topic; fewer than 3 can lose data',
    fallback: 3,
    min: 1,
    max: 10,
  }),
  SCHEMA_REGISTRY_URL: optionalUrl(['http', 'https'], {
    about: "base of a registry that speaks Confluent's API; without it nothing is registered",
    fallback: null,
  }),
}

const mail = {
  SMTP_URL: url(['smtp', 'smtps'], { about: 'mail server', fallback: required, secret: true }),
  SMTP_CONNECTIONS: integer({
    about: 'mails that are sent at a time, each over a connection of its own',
    fallback: 8,
    min: 1,
    max: 100,
  }),
  MAIL_FROM: text({ about: 'sender of every mail', fallback: 'TheReview <reviews@example.test>' }),
  MAIL_FALLBACK_DOMAIN: text({
    about: 'domain of the address of a user who registered none; without authentication only',
    fallback: 'example.test',
  }),
}

const api = {
  API_HOST: text({ about: 'address that the API listens on', fallback: '127.0.0.1' }),
  API_PORT: port('port of the API', 8000),
  API_ALLOWED_HOSTS: hosts({
    about: "names, beyond loopback's, that requests may give as their Host while the API is open",
    fallback: [],
  }),
  CORS_ORIGINS: origins({
    about: 'origins whose web pages may call the API; * for all, with authentication only',
    fallback: [],
  }),
  TRUST_PROXY: networks({
    about: "proxies whose X-Forwarded-For says who the client is; nobody else's is believed",
    fallback: [],
  }),
  STATS_PRIOR_MEAN: decimal({ about: 'prior mean of the bayesian average', fallback: 3.5, min: 1, max: 5 }),
  STATS_PRIOR_WEIGHT: decimal({
    about: 'prior weight of the bayesian average, in reviews',
    fallback: 10,
    min: 0,
    max: 1_000_000,
  }),
  CACHE_TTL_SECONDS: integer({
    about: 'lifetime of a cached list or statistic',
    fallback: 300,
    min: 1,
    max: 86_400,
  }),
}

const authentication = {
  AUTH_JWKS_URL: optionalUrl(['http', 'https'], {
    about: 'JWKS of the issuer of the Bearer tokens; with it or AUTH_SECRET set, writes need a token',
    fallback: null,
  }),
  AUTH_SECRET: secretKey({
    about: 'shared secret of HS256 Bearer tokens, 32 bytes or more',
    fallback: null,
    secret: true,
  }),
  AUTH_ISSUER: optionalText({ about: 'the `iss` that a token must have', fallback: null }),
  AUTH_AUDIENCE: optionalText({ about: 'the `aud` that a token must have', fallback: null }),
  ALLOW_UNAUTHENTICATED: flag({
    about: 'lets the open API listen beyond loopback; for a private network only',
    fallback: false,
  }),
}

const perMinute = { min: 1, max: 100_000_000 }

const limits = {
  RATE_LIMITS: oneOf(['auto', 'on', 'off'], {
    about: 'whether requests are limited; auto limits them where there is authentication',
    fallback: 'auto',
  }),
  RATE_LIMIT_PER_USER: integer({ about: 'requests of one user in a minute', fallback: 1_200, ...perMinute }),
  RATE_LIMIT_PER_KEY: integer({
    about: 'requests with one API key in a minute',
    fallback: 120_000,
    ...perMinute,
  }),
  RATE_LIMIT_PER_ADDRESS: integer({
    about: 'requests in a minute from one address, of those who do not say who they are',
    fallback: 6_000,
    ...perMinute,
  }),
}

const ports = {
  PROBES_HOST: text({
    about: "address that the health and metrics of relay, workers and Kafka's exporter listen on",
    fallback: '127.0.0.1',
  }),
  RELAY_PORT: port("port of the relay's health and metrics", 8001),
  NOTIFICATION_WORKER_PORT: port("port of the notification worker's health and metrics", 8002),
  ANALYTICS_WORKER_PORT: port("port of the analytics worker's health and metrics", 8003),
  CACHE_WORKER_PORT: port("port of the cache worker's health and metrics", 8004),
  EXPORTER_PORT: port('port of the Kafka metrics', 9308),
}

const console = {
  CONSOLE_PORT: port('port of the console', 8080),
  CONSOLE_HOST: text({ about: 'address that the console listens on', fallback: '127.0.0.1' }),
  CONSOLE_ALLOWED_HOSTS: hosts({
    about: "names, beyond loopback's, that requests may give as their Host while the console is open",
    fallback: [],
  }),
  ENVIRONMENT: text({ about: 'name of this deployment, which the console shows', fallback: 'local' }),
  METRICS_API_KEY: optionalText({
    about: "API key with metrics:read for the API's metrics; not needed with AUTH_SECRET",
    fallback: null,
    secret: true,
  }),
  PROMETHEUS_URL: optionalUrl(['http', 'https'], {
    about: "base of a Prometheus that scrapes Kafka's metrics: lag charts are from there, else from memory",
    fallback: null,
    secret: true,
  }),
  SERVICE_URLS: namedUrls({
    about:
      "where the console finds a process' health and metrics, if not on this machine: relay=http://relay:8001",
    fallback: [],
  }),
}

const telemetry = {
  ZIPKIN_URL: optionalUrl(['http', 'https'], {
    about: 'base of a Zipkin that takes the traces',
    fallback: null,
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalUrl(['http', 'https'], {
    about: 'base of an OTLP/HTTP endpoint that takes the traces',
    fallback: null,
  }),
  TRACES_PER_SECOND: integer({
    about: 'new traces that one process records in a second; requests that come with a trace follow it',
    fallback: 20,
    min: 0,
    max: 100_000,
  }),
  LOG_LEVEL: {
    about: 'lowest level that is logged; it can be changed while a service runs (`thereview logs level`)',
    fallback: { rest: 'info', modules: {} },
    wants: logLevelsForm,
    parse: parseLogLevels,
    write: logLevelsText,
  } satisfies Variable<LogLevelSettings>,
  LOG_FORMAT: oneOf(['json', 'pretty', 'auto'], {
    about: 'auto is pretty on a terminal, json elsewhere',
    fallback: 'auto',
  }),
}

/** The variables by what they are about, as documentation shows them. */
export const sections = {
  'Where things are': places,
  'The API': api,
  'Who may': authentication,
  Limits: limits,
  Mail: mail,
  'Ports of the other services': ports,
  'The console': console,
  'Logs and traces': telemetry,
} as const satisfies Record<string, Readonly<Record<string, Variable<unknown>>>>

/** Every variable that TheReview's services read, and nothing else reads the environment. */
export const variables = {
  ...places,
  ...api,
  ...authentication,
  ...limits,
  ...mail,
  ...ports,
  ...console,
  ...telemetry,
}

type Variables = typeof variables
export type VariableName = keyof Variables

export const variableNames = Object.keys(variables) as VariableName[]

/** The values of all variables, by name. */
export type Config = { readonly [N in VariableName]: Variables[N] extends Variable<infer T> ? T : never }

/** All that is wrong with an environment, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  ${problems.join('\n  ')}`,
    )
    this.problems = problems
  }
}

/**
 * Reads the variables that a process needs from an environment. A variable `X` may be given as `X_FILE`, the path
 * of a file that holds it.
 * @throws {ConfigError} naming each variable that is wrong, what it got (masked when secret) and what it wants
 */
export function readConfig<const N extends VariableName>(
  names: readonly N[],
  environment: Environment = process.env,
): Pick<Config, N> {
  const problems: string[] = []
  const values: Partial<Record<VariableName, unknown>> = {}
  for (const name of names) {
    const setting = readSetting(name, environment)
    if ('problem' in setting) problems.push(setting.problem)
    else values[name] = setting.value
  }
  for (const { names, problem } of rules) {
    // It has nothing to say about what could not be read.
    const broken = names.every((name) => name in values) ? problem(values as Config) : null
    if (broken !== null) problems.push(broken)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Pick<Config, N>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What a variable comes to in an environment, and where that is from; or what is wrong with it, and the remedy. */
export type Setting =
  | { readonly value: unknown; readonly source: 'environment' | 'file' | 'default' }
  | { readonly problem: string }

export function readSetting(name: VariableName, environment: Environment = process.env): Setting {
  const { about, fallback, wants, secret, parse }: Variable<unknown> = variables[name]
  const text = readText(name, environment)
  if (typeof text === 'object') return text
  if (text === undefined || text === '') {
    return fallback === required
      ? { problem: `${name} is not set: it wants ${wants} (${about})` }
      : { value: fallback, source: 'default' }
  }
  const value = parse(text)
  if (value === undefined) {
    return { problem: `${name} is ${secret ? '(hidden)' : JSON.stringify(text)}: it wants ${wants}` }
  }
  return { value, source: environment[`${name}_FILE`] ? 'file' : 'environment' }
}

function readText(name: VariableName, environment: Environment): string | undefined | { problem: string } {
  const path = environment[`${name}_FILE`]
  if (!path) return environment[name]
  if (environment[name]) return { problem: `${name} and ${name}_FILE are both set: it wants one of them` }
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    return { problem: `${name}_FILE is ${JSON.stringify(path)}: the file cannot be read (${code})` }
  }
}
