/** A JSON Schema, or any other object of the document. */
export type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A schema that takes fields which it does not know: clients of today meet the answers of tomorrow. */
export function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened)
  if (!isObject(schema)) return schema
  const members = Object.entries(schema).filter(
    ([key, value]) => !(key === 'additionalProperties' && value === false),
  )
  return Object.fromEntries(members.map(([key, value]) => [key, opened(value)]))
}

/**
 * Moves schemas out to the document's components: each one with a `title` is put there under that name, and a
 * reference takes its place.
 */
export class SchemaComponents {
  readonly #byName = new Map<string, string>()

  /** @throws {Error} when two different schemas have one title */
  refer(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((item) => this.refer(item))
    if (!isObject(schema)) return schema
    const moved = Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, this.#member(key, value)]),
    )
    const { title } = schema
    if (typeof title !== 'string') return moved
    const text = JSON.stringify(moved)
    const known = this.#byName.get(title)
    if (known !== undefined && known !== text) {
      throw new Error(
        `two schemas are called ${title}: those of answers are open, so requests need their own`,
      )
    }
    this.#byName.set(title, text)
    return { $ref: `#/components/schemas/${title}` }
  }

  /** By name, in the order of names. */
  all(): Json {
    const sorted = [...this.#byName].sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([name, text]) => [name, JSON.parse(text)]))
  }

  /** What stands in an example or an enumeration is a value and no schema. */
  #member(key: string, value: unknown): unknown {
    return ['enum', 'const', 'default', 'examples', 'required'].includes(key) ? value : this.refer(value)
  }
}
