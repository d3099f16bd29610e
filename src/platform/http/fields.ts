import { Type } from 'typebox'

// Stated as ranges, since not every reader of the OpenAPI document knows `\p{…}`. Postgres cannot hold U+0000, and
// a lone surrogate is no character.
const control = '\\u0000-\\u001f\\u007f-\\u009f'
const surrogates = '\\ud800-\\udfff'

/** An id of a client: 1 to 200 characters of any script, without control characters. */
export const Id = Type.String({ minLength: 1, maxLength: 200, pattern: `^[^${control}${surrogates}]+$` })

const anyText = `[^\\u0000${surrogates}]`

/** Text of a person, which may be empty. */
export const TextPattern = `^${anyText}*$`

/** Text of a person that says something. */
export const FilledTextPattern = `^(?=[\\s\\S]*\\S)${anyText}+$`

/** One line of a person that says something: what goes into headers of mail, too. */
export const LinePattern = `^(?=.*\\S)[^${control}${surrogates}]+$`

/** An address of a page. */
export const UrlPattern = `^https?://[^\\s${control}${surrogates}]+$`

export const Uuid = Type.String({ format: 'uuid' })

/** In UTC, with milliseconds. */
export const Timestamp = Type.String({ format: 'date-time' })
