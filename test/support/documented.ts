import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Json = Readonly<Record<string, unknown>>

export interface OperationObject {
  readonly operationId: string
  readonly parameters: readonly (Parameter | Reference)[]
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaObject>> }
  readonly responses: Readonly<Record<string, ResponseObject>>
  readonly security: readonly Json[]
  readonly description: string
  readonly summary: string
  readonly tags: readonly string[]
}

export interface MediaObject {
  readonly schema: Json
  readonly examples?: Readonly<Record<string, { readonly value: unknown; readonly $ref?: string }>>
}

export interface ResponseObject {
  readonly description: string
  readonly headers: Readonly<Record<string, HeaderObject>>
  readonly content?: Readonly<Record<string, MediaObject>>
  readonly links?: Readonly<Record<string, { readonly operationId: string; readonly parameters: Json }>>
}

export interface HeaderObject {
  readonly required: boolean
  readonly schema: { readonly type: string }
}

export interface Reference {
  readonly $ref: string
}

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly schema: Json
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

/** An answer, as `inject` gives it. */
export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** An OpenAPI document to hold requests and answers against. */
export class Documented {
  readonly document: Json
  readonly #ajv: Ajv2020
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(document: Json) {
    this.document = document
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(document, 'document')
  }

  /** Every operation by its pointer in the document. */
  operations(): { path: string; method: string; pointer: string; operation: OperationObject }[] {
    const paths = this.document.paths as Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        pointer: `/paths/${pointerToken(path)}/${method}`,
        operation,
      })),
    )
  }

  operation(id: string) {
    const found = this.operations().find(({ operation }) => operation.operationId === id)
    if (!found) throw new Error(`the document has no operation ${id}`)
    return found
  }

  /** What a reference stands for, and where that is. */
  resolve<T>(value: T | Reference, pointer: string): { value: T; pointer: string } {
    if (typeof value !== 'object' || value === null || !('$ref' in value)) return { value, pointer }
    const at = String(value.$ref).slice(1)
    let found: unknown = this.document
    for (const token of at.split('/').slice(1)) {
      found = (found as Json)[decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')]
    }
    if (found === undefined) throw new Error(`nothing is at ${at}`)
    return { value: found as T, pointer: at }
  }

  /** What is wrong with a value, by the schema at a pointer; null when nothing is. */
  mistakes(pointer: string, value: unknown): string | null {
    const uri = `document#${encodeURI(pointer)}`
    const validate = this.#validators.get(uri) ?? this.#ajv.compile({ $ref: uri })
    this.#validators.set(uri, validate)
    if (validate(value)) return null
    return this.#ajv.errorsText(validate.errors, { dataVar: 'it' })
  }

  /** What is not as the operation says of its answers: status, headers, media type and body. */
  deviations(id: string, answer: Answer): string[] {
    const { operation, pointer } = this.operation(id)
    const { statusCode, headers, body } = answer
    const declared = operation.responses[statusCode]
    if (!declared) return [`${id} does not say that it answers ${statusCode}`]
    const response = this.resolve<ResponseObject>(declared, `${pointer}/responses/${statusCode}`)
    const where = (text: string) => `${id} ${statusCode}: ${text}`
    return [
      ...this.#headerDeviations(response, headers).map(where),
      ...this.#bodyDeviations(response, headers, body).map(where),
    ]
  }

  #headerDeviations(
    response: { value: ResponseObject; pointer: string },
    headers: Readonly<Record<string, unknown>>,
  ): string[] {
    const declared = Object.entries(response.value.headers)
    const known = new Set(declared.map(([name]) => name.toLowerCase()))
    const undeclared = Object.keys(headers).filter((name) => !known.has(name) && !transport.has(name))
    return [
      ...undeclared.map((name) => `the header ${name} is not declared`),
      ...declared.flatMap(([name, reference]) => {
        const header = this.resolve<HeaderObject>(
          reference,
          `${response.pointer}/headers/${pointerToken(name)}`,
        )
        const given = headers[name.toLowerCase()]
        if (given === undefined) return header.value.required ? [`the header ${name} is missing`] : []
        const value = header.value.schema.type === 'integer' ? Number(given) : given
        const wrong = this.mistakes(`${header.pointer}/schema`, value)
        return wrong ? [`the header ${name}: ${wrong}`] : []
      }),
    ]
  }

  #bodyDeviations(
    response: { value: ResponseObject; pointer: string },
    headers: Readonly<Record<string, unknown>>,
    body: string,
  ): string[] {
    const { content } = response.value
    if (!content) return body === '' ? [] : ['there is a body']
    const mediaType = String(headers['content-type']).split(';')[0] ?? ''
    if (!content[mediaType]) return [`the body is ${mediaType}`]
    const value: unknown = mediaType.endsWith('json') ? JSON.parse(body) : body
    const wrong = this.mistakes(`${response.pointer}/content/${pointerToken(mediaType)}/schema`, value)
    return wrong ? [`the body: ${wrong}`] : []
  }
}

/** RFC 6901, section 3. */
function pointerToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

// Of HTTP itself, of CORS, or the same on every answer and told in the document's introduction.
const transport = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'date',
  'keep-alive',
  'referrer-policy',
  'strict-transport-security',
  'transfer-encoding',
  'vary',
  'x-content-type-options',
  'x-frame-options',
])
