import { isUtf8 } from 'node:buffer'
import { Compile } from 'typebox/compile'
import { catalogue } from './catalogue.ts'
import type { Envelope, EventDefinition } from './event.ts'
import { openVariant } from './open-schema.ts'

/** Why a record's value is not an event that this consumer can handle. None of them ever goes away by waiting. */
export type DecodeFailure = 'undecodable' | 'unknown_event_type' | 'schema_mismatch'

export type Decoded =
  | { readonly ok: true; readonly event: Envelope; readonly definition: EventDefinition }
  | { readonly ok: false; readonly code: DecodeFailure; readonly detail: string }

const decoders = new Map(
  catalogue.map((definition) => [
    definition.type,
    { definition, validator: Compile(openVariant(definition.schema)) },
  ]),
)

/** Bytes to event: UTF-8, JSON, a type of the catalogue, upcast, and valid by the open variant of its schema. */
export function decode(value: Buffer | null): Decoded {
  if (value === null || value.length === 0) return failure('undecodable', 'the value is empty')
  if (!isUtf8(value)) return failure('undecodable', 'the value is not UTF-8')
  const parsed = parseJson(value.toString('utf8'))
  if (!isRecord(parsed)) return failure('undecodable', 'the value is not a JSON object')
  const type = parsed.event_type
  if (typeof type !== 'string') return failure('schema_mismatch', '/event_type is not a string')
  const decoder = decoders.get(type)
  if (!decoder)
    return failure('unknown_event_type', `${JSON.stringify(type.slice(0, 100))} is not in the catalogue`)

  const { definition, validator } = decoder
  const event = upcast(parsed, definition)
  if (!validator.Check(event)) {
    const [first] = validator.Errors(event)
    return failure('schema_mismatch', first ? `${first.instancePath || '/'} ${first.message}` : 'invalid')
  }
  const decoded = event as unknown as Envelope
  // RFC 3339 knows leap seconds, and RFC 9557 names of zones behind the time; what reads our events knows neither.
  if (Number.isNaN(Date.parse(decoded.timestamp)))
    return failure(
      'schema_mismatch',
      '/timestamp is a time that cannot be read: write it as toISOString does',
    )
  return { ok: true, event: decoded, definition }
}

function upcast(event: Record<string, unknown>, definition: EventDefinition): Record<string, unknown> {
  const data = event.data
  if (definition.upcasters.length === 0 || !isRecord(data)) return event
  return { ...event, data: definition.upcasters.reduce((form, upcaster) => upcaster(form), data) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function failure(code: DecodeFailure, detail: string): Decoded {
  return { ok: false, code, detail }
}
