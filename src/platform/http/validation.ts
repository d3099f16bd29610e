import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { System } from 'typebox/system'
import { halfCharacters } from './half-characters.ts'
import { invalid, type ProblemDetail } from './problem.ts'
import { type QueryString, readNumbers } from './query-string.ts'

// All that is wrong at once, yet no answer as long as a hostile body.
System.Settings.Set({ maxErrors: 64 })

const parts = { body: 'body', querystring: 'query', params: 'path', headers: 'header' } as const
type Part = (typeof parts)[keyof typeof parts]

/**
 * Validates with TypeBox what a route declares. Nothing is coerced or removed; only a query's text is read as the
 * number that its schema wants, where it is written as one.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const part = parts[httpPart as keyof typeof parts]
  return (given: unknown) => {
    const value = part === 'query' ? readNumbers(schema, given as QueryString) : given
    const halves = part === 'body' ? halfCharacters(value) : []
    if (halves.length === 0 && validator.Check(value)) return { value }
    const details = detailsOf(validator.Errors(value), part, value)
    return { error: invalid([...details, ...halves.map((half) => ({ in: part, ...half }))]) }
  }
}

function detailsOf(
  errors: readonly TLocalizedValidationError[],
  part: Part,
  value: unknown,
): ProblemDetail[] {
  const unreadable = part === 'query' ? unreadableParameters(value as QueryString) : new Map<string, Detail>()
  // The first of a place says enough: what is empty also matches no pattern.
  const byPointer = new Map<string, ProblemDetail>()
  for (const detail of errors.flatMap(detailsOfOne)) {
    if (!byPointer.has(detail.pointer)) {
      byPointer.set(detail.pointer, { in: part, ...(unreadable.get(detail.pointer) ?? detail) })
    }
  }
  return [...byPointer.values()]
}

type Detail = Omit<ProblemDetail, 'in'>

/** What is wrong with the way a parameter was written, whatever it should have been. */
function unreadableParameters(query: QueryString): Map<string, Detail> {
  const entries = Object.entries(query).flatMap(([name, value]): [string, Detail][] => {
    const pointer = `/${pointerToken(name)}`
    if (value === null) {
      return [[pointer, { pointer, code: 'encoding', detail: 'is not percent-encoded UTF-8' }]]
    }
    if (Array.isArray(value))
      return [[pointer, { pointer, code: 'repeated', detail: 'is given more than once' }]]
    return []
  })
  return new Map(entries)
}

function detailsOfOne(error: TLocalizedValidationError): Detail[] {
  const at = error.instancePath
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: `${at}/${pointerToken(name)}`,
        code: 'required',
        detail: 'is required',
      }))
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({
        pointer: `${at}/${pointerToken(name)}`,
        code: 'unknown',
        detail: 'is not known here',
      }))
    // Says of each what `additionalProperties` says of the object, which many of them keep from being said at all.
    case 'boolean':
      return [{ pointer: shortened(at), code: 'unknown', detail: 'is not known here' }]
    case 'enum':
      return [
        {
          pointer: at,
          code: 'enum',
          detail: `must be one of ${error.params.allowedValues.map(String).join(', ')}`,
        },
      ]
    case 'pattern':
      return [{ pointer: at, code: 'pattern', detail: 'is blank, or has characters that are not allowed' }]
    // By `multipleOf` of `fields.ts`.
    case '~refine':
      return [{ pointer: at, code: 'multipleOf', detail: error.params.message }]
    default:
      return [{ pointer: at, code: error.keyword, detail: error.message }]
  }
}

function shortened(pointer: string): string {
  const [name = '', ...parents] = pointer.split('/').reverse()
  const token = pointerToken(name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return [...parents.reverse(), token].join('/')
}

/** RFC 6901, section 3. */
function pointerToken(name: string): string {
  return name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')
}
