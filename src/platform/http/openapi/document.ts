import { type ProblemCode, problemMediaType, problemTypes } from '../problem.ts'
import { headersOfEveryAnswer, headersOfEveryRequest, requestHeaders, responseHeaders } from './headers.ts'
import type { Answer, Exchange, Operation } from './operation.ts'
import { answerOfProblems, componentExample, Problem, type ProblemAnswer } from './problems.ts'
import { isObject, type Json, opened, SchemaComponents } from './schemas.ts'

/** A route as the document needs it. */
export interface DescribedRoute {
  readonly method: string
  /** Fastify's form, `/reviews/:review_id`. */
  readonly url: string
  readonly schema: Json
  readonly operation: Operation
}

export interface ApiInfo {
  readonly title: string
  readonly summary: string
  /** Markdown. */
  readonly description: string
  readonly version: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
}

// As a reader meets them: written first, deleted last.
const methods = ['POST', 'GET', 'PUT', 'DELETE']

/** The OpenAPI 3.1 document of these routes. `open` says that the API has no authentication. */
export function toDocument(
  routes: readonly DescribedRoute[],
  info: ApiInfo,
  { open }: { open: boolean },
): Json {
  const { tags, ...about } = info
  const schemas = new SchemaComponents()
  const problem = schemas.refer(Problem)
  const problemAnswers = new Map<string, ProblemAnswer>()
  const paths: Record<string, Record<string, Json>> = {}
  const inOrder = routes.toSorted((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method))
  for (const route of inOrder) {
    const problems = groupByStatus(problemsOf(route, open)).map(([status, codes]): [string, Json] => {
      const answer = answerOfProblems(codes, { problem, headers: referToHeaders })
      const examples = examplesOf(exchangesOf(route.operation, status))
      // Where a route shows how it comes to the problem, the answer is its own.
      if (examples) return [status, withExamples(answer, examples)]
      const name = codes.join('_or_')
      problemAnswers.set(name, answer)
      return [status, { $ref: `#/components/responses/${name}` }]
    })
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: toOperation(route, { open, problems, schemas }),
    }
  }
  const codes = Object.keys(problemTypes) as ProblemCode[]
  return {
    openapi: '3.1.1',
    info: { ...about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'The server that this document is from' }],
    tags,
    paths,
    components: {
      schemas: schemas.all(),
      parameters: mapped(requestHeaders, ({ ...header }, name) => ({
        name,
        in: 'header',
        required: false,
        ...header,
      })),
      headers: mapped(responseHeaders, (header) => header),
      responses: Object.fromEntries([...problemAnswers].sort(([a], [b]) => (a < b ? -1 : 1))),
      examples: Object.fromEntries(codes.map((code) => [code, componentExample(code)])),
      ...(open ? {} : { securitySchemes: { bearer } }),
    },
  }
}

const bearer = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'A JSON Web Token whose `sub` is the user, or an API key of a server, which starts with `trk_`.',
}

function toOperation(
  { schema, operation }: DescribedRoute,
  { open, problems, schemas }: { open: boolean; problems: [string, Json][]; schemas: SchemaComponents },
): Json {
  const { id, tag, summary, description, reads = [], answers, examples = {}, forms = {} } = operation
  const exchanges = Object.entries(examples)
  const headers = [...reads, ...headersOfEveryRequest]
  const responses = isObject(schema.response) ? schema.response : {}
  const own = Object.entries(answers).map(([status, answer]): [string, Json] => {
    const schema = schemas.refer(opened(answer.schema ?? responses[status]))
    return [status, toAnswer(answer, schema, examplesOf(exchangesOf(operation, status)))]
  })
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: open ? [] : securityOf(operation),
    parameters: [
      ...toParameters('path', schema.params, { schemas, exchanges, forms }),
      ...toParameters('query', schema.querystring, { schemas, exchanges, forms }),
      ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(schema.body === undefined ? {} : { requestBody: toBody(schema.body, schemas, exchanges) }),
    // What a route declares itself goes before the problem that has the same status.
    responses: Object.fromEntries([...problems, ...own]),
  }
}

/** What an API key needs stands in the place of roles, which OpenAPI leaves to the scheme. */
function securityOf({ credentials, scope }: Operation): Json[] {
  const bearer = { bearer: scope ? [scope] : [] }
  switch (credentials) {
    case 'none':
      return []
    case 'optional':
      return [{}, bearer]
    case 'required':
      return [bearer]
  }
}

type Exchanges = readonly [name: string, exchange: Exchange][]

function toParameters(
  place: 'path' | 'query',
  schema: unknown,
  {
    schemas,
    exchanges,
    forms,
  }: { schemas: SchemaComponents; exchanges: Exchanges; forms: Readonly<Record<string, Json>> },
): Json[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...form } = isObject(property) ? property : {}
    const values = exchanges.flatMap(([title, { summary, [place]: given }]) =>
      given?.[name] === undefined ? [] : [[title, { summary, value: given[name] }]],
    )
    return {
      name,
      in: place,
      description,
      required: required.includes(name),
      schema: forms[name] ?? schemas.refer(form),
      ...(values.length > 0 && { examples: Object.fromEntries(values) }),
    }
  })
}

function toBody(schema: unknown, schemas: SchemaComponents, exchanges: Exchanges): Json {
  const examples = exchanges.flatMap(([name, { summary, body, status }]) =>
    // One that is refused is no example to follow.
    body === undefined || status >= 400 ? [] : [[name, { summary, value: body }]],
  )
  return {
    required: true,
    content: {
      'application/json': { schema: schemas.refer(schema), examples: Object.fromEntries(examples) },
    },
  }
}

function toAnswer(answer: Answer, schema: unknown, examples: Json | undefined): Json {
  const { description, headers = [], mediaType = 'application/json', links } = answer
  const hasBody = isObject(schema) && schema.type !== 'null'
  return {
    description,
    headers: referToHeaders([...headers, ...headersOfEveryAnswer]),
    ...(hasBody && { content: { [mediaType]: { schema, ...(examples && { examples }) } } }),
    ...(links && { links }),
  }
}

function withExamples({ content, ...answer }: ProblemAnswer, examples: Json): Json {
  const media = content[problemMediaType]
  return { ...answer, content: { [problemMediaType]: { ...media, examples } } }
}

function exchangesOf({ examples = {} }: Operation, status: string): Exchanges {
  return Object.entries(examples).filter(([, exchange]) => String(exchange.status) === status)
}

function examplesOf(exchanges: Exchanges): Json | undefined {
  const examples = exchanges.map(([name, { summary, headers = {}, body, status, answer: value }]) => {
    const sent = Object.entries(headers).map(([header, text]) => `\`${header}: ${text}\``)
    // The body of a request that succeeds is an example of its own.
    const wrong = body !== undefined && status >= 400 ? [`\`${JSON.stringify(body)}\``] : []
    const to = [...sent, ...wrong].join(' and ')
    return [name, { summary, ...(to && { description: `The answer to ${to}.` }), value }]
  })
  return examples.length > 0 ? Object.fromEntries(examples) : undefined
}

function referToHeaders(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Every code that a route may answer: what any may, what its form brings along, and its own. */
function problemsOf({ schema, operation, method }: DescribedRoute, open: boolean): ProblemCode[] {
  const { credentials, reads = [], problems = [] } = operation
  const codes: (ProblemCode | false)[] = [
    'bad_request',
    schema.params !== undefined && 'malformed_url',
    // The router takes an empty part for a parameter.
    schema.params !== undefined && 'not_found',
    schema.body !== undefined && 'malformed_json',
    reads.includes('Consistency-Token') && 'invalid_consistency_token',
    !open && credentials !== 'none' && 'unauthenticated',
    // An open API refuses foreign hosts and origins, whatever they ask for.
    (open || credentials === 'required') && 'forbidden',
    'request_timeout',
    reads.includes('If-Match') && 'version_mismatch',
    !['GET', 'HEAD'].includes(method) && 'body_too_large',
    schema.body !== undefined && 'unsupported_media_type',
    ['params', 'querystring', 'body'].some((part) => schema[part] !== undefined) && 'validation_failed',
    reads.includes('Idempotency-Key') && 'idempotency_key_reused',
    'rate_limited',
    'headers_too_large',
    'internal',
    'unavailable',
    ...problems,
  ]
  return [...new Set(codes.filter((code) => code !== false))]
}

function groupByStatus(codes: readonly ProblemCode[]): [status: string, codes: ProblemCode[]][] {
  const groups = Map.groupBy(codes, (code) => problemTypes[code].status)
  return [...groups].sort(([a], [b]) => a - b).map(([status, group]) => [String(status), group])
}

function mapped<V>(of: Readonly<Record<string, V>>, each: (value: V, name: string) => Json): Json {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, each(value, name)]))
}
