import { type TNumberOptions, Type } from 'typebox'

// Patterns stand in the OpenAPI document, so they keep to what every engine knows: ranges rather than `\p{…}` or
// `\s`, no looking ahead, no surrogates (`half-characters.ts` sees to those). Postgres cannot hold U+0000.
// Each part of one begins where the part before it cannot go on, so that no text takes longer than its length.
const control = '\\u0000-\\u001f\\u007f-\\u009f'
const space = ' \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'
const blank = `${control}${space}`

/** An id of a client: 1 to 200 characters of any script, without control characters. */
export const Id = Type.String({ minLength: 1, maxLength: 200, pattern: `^[^${control}]+$` })

/** Text of a person, which may be empty. */
export const TextPattern = '^[^\\u0000]*$'

/** Text of a person that says something. */
export const FilledTextPattern = `^[\\u0001-\\u001f\\u007f-\\u009f${space}]*[^${blank}][^\\u0000]*$`

/** One line of a person that says something: what goes into headers of mail, too. */
export const LinePattern = `^[${space}]*[^${blank}][^${control}]*$`

/** An address of a page. */
const host = `[^${blank}/?#@:\\[\\]\\\\]+`
export const UrlPattern = `^https?://${host}(:[0-9]{1,5})?([/?#][^${blank}]*)?$`

export const Uuid = Type.String({ format: 'uuid' })

/** In UTC, with milliseconds. */
export const Timestamp = Type.String({ format: 'date-time' })

/** TypeBox takes what is a hair from a multiple for one, JSON Schema does not: so it is checked again. */
export function multipleOf(step: number, limits: TNumberOptions) {
  return Type.Refine(
    Type.Number({ ...limits, multipleOf: step }),
    (value) => Number.isInteger(value / step),
    () => `must be a multiple of ${step}`,
  )
}
