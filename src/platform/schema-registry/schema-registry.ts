import type { EventDefinition } from '../../contracts/event.ts'
import { AppError, unavailable } from '../errors.ts'

/** Old consumers read what new producers write: a new optional field passes, a removed or retyped one does not. */
const compatibility = 'BACKWARD_TRANSITIVE'
const timeoutMs = 10_000

export interface SchemaRegistryOptions {
  /** Base of a registry that speaks Confluent's API, such as `http://127.0.0.1:8081/apis/ccompat/v7`. */
  readonly url: string
  /** Put before every subject. */
  readonly prefix: string
}

export interface RegisteredSchema {
  readonly subject: string
  readonly id: number
}

/** Registers the schemas of these events; what is registered already stays as it is.
 * @throws {AppError} `schema_incompatible` with the registry's reason, or a retryable `unavailable` */
export async function registerSchemas(
  registry: SchemaRegistryOptions,
  definitions: readonly EventDefinition[],
): Promise<RegisteredSchema[]> {
  const registered: RegisteredSchema[] = []
  for (const definition of definitions) registered.push(await register(registry, definition))
  return registered
}

async function register(
  { url, prefix }: SchemaRegistryOptions,
  definition: EventDefinition,
): Promise<RegisteredSchema> {
  const subject = prefix + definition.type
  const path = encodeURIComponent(subject)
  await call('PUT', `${url}/config/${path}`, { compatibility })
  const answer = await call('POST', `${url}/subjects/${path}/versions`, {
    schemaType: 'JSON',
    schema: JSON.stringify(definition.schema),
  })
  if (answer.status === 409 || answer.status === 422) {
    throw new AppError(
      'schema_incompatible',
      'fatal',
      `the registry refuses the schema of ${subject}: ${await reason(answer)}`,
    )
  }
  const { id } = (await answer.json()) as { id: number }
  return { subject, id }
}

/** Whether the registry answers. */
export async function pingSchemaRegistry(url: string): Promise<void> {
  await call('GET', `${url}/subjects`)
}

async function call(method: string, url: string, body?: object): Promise<Response> {
  const request: RequestInit = { method, signal: AbortSignal.timeout(timeoutMs) }
  if (body) {
    request.headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
    request.body = JSON.stringify(body)
  }
  const response = await fetch(url, request).catch((error: unknown) => {
    throw unavailable('the schema registry', error)
  })
  if (response.ok || response.status === 409 || response.status === 422) return response
  throw unavailable(
    'the schema registry',
    new Error(`${method} ${new URL(url).pathname} answered ${response.status}`),
  )
}

async function reason(answer: Response): Promise<string> {
  const text = await answer.text()
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}
