import { problemTypes } from '../problem.ts'
import type { DescribedRoute } from './described-route.ts'
import { examplesOfBody, examplesOfParameter } from './examples.ts'
import { headersOfEveryRequest, requestHeaders, responseHeaders } from './headers.ts'
import type { Operation } from './operation.ts'
import { componentExample } from './problems.ts'
import { Responses } from './responses.ts'
import { isObject, type Json, SchemaComponents } from './schemas.ts'

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
  { tags, ...info }: ApiInfo,
  { open }: { open: boolean },
): Json {
  const schemas = new SchemaComponents()
  const responses = new Responses(schemas)
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes.toSorted((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method))) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    const operation = {
      ...toOperation(route, schemas),
      security: open ? [] : securityOf(route.operation),
      responses: responses.of(route, { open }),
    }
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation }
  }
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'The server that this document is from' }],
    tags,
    paths,
    components: {
      schemas: schemas.all(),
      parameters: mapped(requestHeaders, (name, header) => ({
        name,
        in: 'header',
        required: false,
        ...header,
      })),
      headers: responseHeaders,
      responses: responses.shared(),
      examples: mapped(problemTypes, componentExample),
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

/** What an API key needs stands in the place of roles, which OpenAPI leaves to the scheme. */
function securityOf({ credentials, scope }: Operation): Json[] {
  const needed = { bearer: scope ? [scope] : [] }
  switch (credentials) {
    case 'none':
      return []
    case 'optional':
      return [{}, needed]
    case 'required':
      return [needed]
  }
}

function toOperation({ schema, operation }: DescribedRoute, schemas: SchemaComponents): Json {
  const { id, tag, summary, description, reads = [] } = operation
  const headers = [...reads, ...headersOfEveryRequest]
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    parameters: [
      ...toParameters('path', schema.params, operation, schemas),
      ...toParameters('query', schema.querystring, operation, schemas),
      ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(schema.body !== undefined && { requestBody: toBody(schema.body, operation, schemas) }),
  }
}

function toParameters(
  place: 'path' | 'query',
  schema: unknown,
  operation: Operation,
  schemas: SchemaComponents,
): Json[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...form } = isObject(property) ? property : {}
    const examples = examplesOfParameter(operation, place, name)
    return {
      name,
      in: place,
      description,
      required: required.includes(name),
      schema: operation.forms?.[name] ?? schemas.refer(form),
      ...(examples && { examples }),
    }
  })
}

function toBody(schema: unknown, operation: Operation, schemas: SchemaComponents): Json {
  const examples = examplesOfBody(operation)
  const media = { schema: schemas.refer(schema), ...(examples && { examples }) }
  return { required: true, content: { 'application/json': media } }
}

function mapped<K extends string, V>(of: Readonly<Record<K, V>>, each: (name: K, value: V) => Json): Json {
  const entries = Object.entries(of) as [K, V][]
  return Object.fromEntries(entries.map(([name, value]) => [name, each(name, value)]))
}
