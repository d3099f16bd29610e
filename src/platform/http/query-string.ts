import type { TSchema } from 'typebox'

/**
 * A query as it was sent: the texts, all of them of a name that is given twice, and null for one that is not
 * percent-encoded UTF-8. No schema takes the last two.
 */
export type QueryString = Readonly<Record<string, string | string[] | null>>

export function parseQueryString(text: string): QueryString {
  const query: Record<string, string | string[] | null> = Object.create(null)
  for (const pair of text.split('&')) {
    // Nothing between two `&`, or after the last, says nothing (WHATWG URL, section 5.1).
    if (pair === '') continue
    const [name, ...rest] = pair.split('=')
    const key = decode(name ?? '') ?? ''
    const value = decode(rest.join('='))
    const before = query[key]
    if (Array.isArray(before)) before.push(String(value))
    else query[key] = before === undefined ? value : [String(before), String(value)]
  }
  return query
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

const number = /^-?(0|[1-9]\d*)(\.\d+)?$/

/** The query with a number in the place of each text that its schema wants as one and that is written as one. */
export function readNumbers(schema: TSchema, query: QueryString): Record<string, unknown> {
  const properties: unknown = 'properties' in schema ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const wantsNumber = typeof text === 'string' && number.test(text) && isNumeric(properties, name)
      return [name, wantsNumber ? Number(text) : text]
    }),
  )
}

function isNumeric(properties: unknown, name: string): boolean {
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name)) return false
  const property: { type?: unknown } = Reflect.get(properties, name)
  return property.type === 'number' || property.type === 'integer'
}
