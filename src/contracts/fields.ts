import { Type } from 'typebox'

/** RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Timestamp = Type.String({ format: 'date-time' })

export const Uuid = Type.String({ format: 'uuid' })

/** An id of ours or of a client: 1 to 200 characters of any script, without control characters. */
export const Id = Type.String({ minLength: 1, maxLength: 200 })

/** What a record's key is made from: an id, or `entity_type:entity_id`. */
export const AggregateId = Type.String({ minLength: 1, maxLength: 401 })

/** 1 to 5 in halves. */
export const Rating = Type.Number({ minimum: 1, maximum: 5, multipleOf: 0.5 })

export const Title = Type.Union([Type.String({ maxLength: 200 }), Type.Null()])

export const Content = Type.String({ minLength: 1, maxLength: 10_000 })

const closed = { additionalProperties: false } as const

/** An object that takes no fields but these; consumers validate the open variant, see `open-schema.ts`. */
export const Closed = <T extends Parameters<typeof Type.Object>[0]>(
  fields: T,
  about: { title?: string; description?: string } = {},
) => Type.Object(fields, { ...about, ...closed })
