import { readFileSync } from 'node:fs'

/** One environment variable: what it means, how its text becomes a value, and what holds when it is not set. */
interface Variable<T> {
  readonly about: string
  readonly fallback: T | Required
  readonly secret?: boolean
  /** The value, or what is wanted instead, to be read after "wants". */
  readonly parse: (text: string) => T | Refusal
}

class Refusal {
  readonly wants: string
  constructor(wants: string) {
    this.wants = wants
  }
}

const required = Symbol('required')
type Required = typeof required

type Options<T> = { about: string; fallback: T | Required; secret?: boolean }

const text = (o: Options<string>): Variable<string> => ({
  ...o,
  parse: (given) => (given === '' ? new Refusal('a text that is not empty') : given),
})

const integer = (o: Options<number> & { min: number; max: number }): Variable<number> => ({
  ...o,
  parse: (given) => {
    const value = Number(given)
    const valid = /^-?\d+$/.test(given) && value >= o.min && value <= o.max
    return valid ? value : new Refusal(`a whole number from ${o.min} to ${o.max}`)
  },
})

const decimal = (o: Options<number> & { min: number; max: number }): Variable<number> => ({
  ...o,
  parse: (given) => {
    const value = Number(given)
    const valid = /^-?\d+(\.\d+)?$/.test(given) && value >= o.min && value <= o.max
    return valid ? value : new Refusal(`a number from ${o.min} to ${o.max}`)
  },
})

const flag = (o: Options<boolean>): Variable<boolean> => ({
  ...o,
  parse: (given) => (given === 'true' ? true : given === 'false' ? false : new Refusal('true or false')),
})

const oneOf = <const T extends string>(values: readonly T[], o: Options<T>): Variable<T> => ({
  ...o,
  parse: (given) =>
    values.find((value) => value === given) ?? new Refusal(values.join(', ').replace(/, ([^,]*)$/, ' or $1')),
})

const parseUrl = (schemes: readonly string[]) => (given: string) =>
  URL.canParse(given) && schemes.includes(new URL(given).protocol.slice(0, -1))
    ? given
    : new Refusal(`a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`)

const url = (schemes: readonly string[], o: Options<string>): Variable<string> => ({
  ...o,
  parse: parseUrl(schemes),
})

const optionalUrl = (schemes: readonly string[], o: Options<string | null>): Variable<string | null> => ({
  ...o,
  parse: parseUrl(schemes),
})

const brokers = (o: Options<readonly string[]>): Variable<readonly string[]> => ({
  ...o,
  parse: (given) => {
    const addresses = given.split(',').map((address) => address.trim())
    const valid = addresses.every((address) => /^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/.test(address))
    return valid ? addresses : new Refusal('host:port, several separated by commas')
  },
})

const optionalText = (o: Options<string | null>): Variable<string | null> => ({
  ...o,
  parse: (given) => given,
})

const hosts = (o: Options<readonly string[]>): Variable<readonly string[]> => ({
  ...o,
  parse: (given) => {
    const names = given.split(',').map((name) => name.trim())
    const valid = names.every((name) => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)$/.test(name))
    return valid ? names : new Refusal('host names without port, several separated by commas')
  },
})

const secretKey = (o: Options<string | null>): Variable<string | null> => ({
  ...o,
  parse: (given) =>
    Buffer.byteLength(given) >= 32
      ? given
      : new Refusal('at least 32 bytes, such as those of `openssl rand -hex 32`'),
})

const port = (about: string, fallback: number) => integer({ about, fallback, min: 0, max: 65_535 })

/** Every variable that TheReview's services read, and nothing else reads the environment. */
export const variables = {
  DATABASE_URL: url(['postgres', 'postgresql'], { about: 'Postgres', fallback: required, secret: true }),
  DATABASE_POOL_SIZE: integer({
    about: 'Postgres connections of one process',
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
    parse: (given: string) =>
      /^[A-Za-z0-9._-]{0,100}$/.test(given) ? given : new Refusal('at most 100 of A-Z a-z 0-9 . _ -'),
  } satisfies Variable<string>,
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
  SMTP_URL: url(['smtp', 'smtps'], { about: 'mail server', fallback: required, secret: true }),
  SMTP_CONNECTIONS: integer({
    about: 'mails that are sent at a time, each over a connection of its own',
    fallback: 8,
    min: 1,
    max: 100,
  }),
  MAIL_FROM: text({ about: 'sender of every mail', fallback: 'TheReview <reviews@example.test>' }),
  MAIL_FALLBACK_DOMAIN: text({
    about: 'domain of the address of a user who registered none, in local mode only',
    fallback: 'example.test',
  }),
  API_HOST: text({ about: 'address that the API listens on', fallback: '127.0.0.1' }),
  API_PORT: port('port of the API', 8000),
  API_ALLOWED_HOSTS: hosts({
    about: "names, beyond loopback's, that requests may give as their Host while the API is open",
    fallback: [],
  }),
  RELAY_PORT: port("port of the relay's health and metrics", 8001),
  NOTIFICATION_WORKER_PORT: port("port of the notification worker's health and metrics", 8002),
  ANALYTICS_WORKER_PORT: port("port of the analytics worker's health and metrics", 8003),
  CACHE_WORKER_PORT: port("port of the cache worker's health and metrics", 8004),
  EXPORTER_PORT: port('port of the Kafka metrics', 9308),
  CONSOLE_PORT: port('port of the console', 8080),
  ALLOW_UNAUTHENTICATED: flag({
    about: 'lets the open API listen beyond loopback; for a private network only',
    fallback: false,
  }),
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
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
    about: 'least level that is logged',
    fallback: 'info',
  }),
  LOG_FORMAT: oneOf(['json', 'pretty', 'auto'], {
    about: 'auto is pretty on a terminal, json elsewhere',
    fallback: 'auto',
  }),
} satisfies Record<string, Variable<unknown>>

type Variables = typeof variables
type Name = keyof Variables

/** The values of all variables, by name. */
export type Config = { readonly [N in Name]: Variables[N] extends Variable<infer T> ? T : never }

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
export function readConfig<const N extends Name>(
  names: readonly N[],
  environment: Environment = process.env,
): Pick<Config, N> {
  const problems: string[] = []
  const values: Partial<Record<Name, unknown>> = {}
  for (const name of names) {
    const result = readVariable(name, environment)
    if (result instanceof Refusal) problems.push(result.wants)
    else values[name] = result
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Pick<Config, N>
}

export type Environment = Readonly<Record<string, string | undefined>>

function readVariable(name: Name, environment: Environment): unknown {
  const variable: Variable<unknown> = variables[name]
  const given = readText(name, environment)
  if (given instanceof Refusal) return given
  if (given === undefined || given === '') {
    return variable.fallback === required
      ? new Refusal(`${name} is not set: it wants ${variable.about}`)
      : variable.fallback
  }
  const value = variable.parse(given)
  if (!(value instanceof Refusal)) return value
  return new Refusal(
    `${name} is ${variable.secret ? '(hidden)' : JSON.stringify(given)}: it wants ${value.wants}`,
  )
}

function readText(name: Name, environment: Environment): string | undefined | Refusal {
  const path = environment[`${name}_FILE`]
  if (!path) return environment[name]
  if (environment[name]) return new Refusal(`${name} and ${name}_FILE are both set: it wants one of them`)
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    return new Refusal(`${name}_FILE is ${JSON.stringify(path)}: the file cannot be read (${code})`)
  }
}
