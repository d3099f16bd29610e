import { isIP } from 'node:net'

/** One environment variable: what it means, how its text becomes a value, and what holds when it is not set. */
export interface Variable<T> {
  readonly about: string
  readonly fallback: T | Required
  readonly secret?: boolean
  /** What it takes, to be read after "wants". */
  readonly wants: string
  /** Undefined for a text that it does not take. */
  readonly parse: (text: string) => T | undefined
  /** A value as it would be written, where that is not plain. */
  write?(value: T): string
}

export const required = Symbol('required')
export type Required = typeof required

interface About<T> {
  readonly about: string
  readonly fallback: T | Required
  readonly secret?: boolean
}

export const text = (o: About<string>): Variable<string> => ({
  ...o,
  wants: 'a text that is not empty',
  parse: (given) => given || undefined,
})

export const optionalText = (o: About<string | null>): Variable<string | null> => ({
  ...o,
  wants: 'a text that is not empty',
  parse: (given) => given || undefined,
})

export const integer = (o: About<number> & { min: number; max: number }): Variable<number> => ({
  ...o,
  wants: `a whole number from ${o.min} to ${o.max}`,
  parse: (given) => (/^-?\d+$/.test(given) ? between(Number(given), o) : undefined),
})

export const decimal = (o: About<number> & { min: number; max: number }): Variable<number> => ({
  ...o,
  wants: `a number from ${o.min} to ${o.max}`,
  parse: (given) => (/^-?\d+(\.\d+)?$/.test(given) ? between(Number(given), o) : undefined),
})

function between(value: number, { min, max }: { min: number; max: number }): number | undefined {
  return value >= min && value <= max ? value : undefined
}

export const port = (about: string, fallback: number) => integer({ about, fallback, min: 0, max: 65_535 })

export const flag = (o: About<boolean>): Variable<boolean> => ({
  ...o,
  wants: 'true or false',
  parse: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
})

export const oneOf = <const T extends string>(values: readonly T[], o: About<T>): Variable<T> => ({
  ...o,
  wants: values.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  parse: (given) => values.find((value) => value === given),
})

const aUrl = (schemes: readonly string[]) => ({
  wants: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  parse: (given: string) =>
    URL.canParse(given) && schemes.includes(new URL(given).protocol.slice(0, -1)) ? given : undefined,
})

export const url = (schemes: readonly string[], o: About<string>): Variable<string> => ({
  ...o,
  ...aUrl(schemes),
})

export const optionalUrl = (
  schemes: readonly string[],
  o: About<string | null>,
): Variable<string | null> => ({
  ...o,
  ...aUrl(schemes),
})

/** Several of one kind, separated by commas. */
const list = (
  wants: string,
  isOne: (text: string) => boolean,
  o: About<readonly string[]>,
): Variable<readonly string[]> => ({
  ...o,
  wants: `${wants}, several separated by commas`,
  parse: (given) => {
    const items = given.split(',').map((item) => item.trim())
    return items.every(isOne) ? items : undefined
  },
})

export const brokers = (o: About<readonly string[]>) =>
  list('host:port', (address) => /^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/.test(address), o)

export const hosts = (o: About<readonly string[]>) =>
  list('host names without port', (name) => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)$/.test(name), o)

/** As a browser writes them: scheme and host, the port where it is not the scheme's own. */
export const origins = (o: About<readonly string[]>) =>
  list('origins such as https://shop.example, or *', (origin) => origin === '*' || isOrigin(origin), o)

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text
}

/** Where processes are, by their names: `api=http://api:8000`. */
export const namedUrls = (o: About<readonly string[]>) =>
  list('name=URL', (one) => /^[a-z-]+=https?:\/\//.test(one) && URL.canParse(one.replace(/^[^=]*=/, '')), o)

const networkNames = ['loopback', 'linklocal', 'uniquelocal']

/** Addresses and networks: `10.0.0.0/8`, `::1`, or a name that stands for the well-known ones. */
export const networks = (o: About<readonly string[]>) =>
  list(`addresses or networks such as 10.0.0.0/8, or ${networkNames.join(', ')}`, isNetwork, o)

function isNetwork(text: string): boolean {
  if (networkNames.includes(text)) return true
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

export const secretKey = (o: About<string | null>): Variable<string | null> => ({
  ...o,
  wants: 'at least 32 bytes, such as those of `openssl rand -hex 32`',
  parse: (given) => (Buffer.byteLength(given) >= 32 ? given : undefined),
})
