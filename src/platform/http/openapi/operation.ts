import type { TSchema } from 'typebox'
import type { Scope } from '../../identity/identity.ts'
import type { ProblemCode } from '../problem.ts'
import type { RequestHeader, ResponseHeader } from './headers.ts'
import type { Json } from './schemas.ts'

/**
 * What the OpenAPI document says of a route beyond its schemas. It stands beside the route, as its
 * `config.operation`; what follows from the schemas (statuses of a body, of a path, …) need not be said again.
 */
export interface Operation {
  /** The document's `operationId`, and the name of the generated client's function. */
  readonly id: string
  readonly tag: string
  readonly summary: string
  /** Markdown. */
  readonly description: string
  /**
   * Whether the route takes credentials where authentication is configured. With `none` it does not even look at
   * them, nor count who asks.
   */
  readonly credentials: 'none' | 'optional' | 'required'
  /** What an API key needs to make the call. */
  readonly scope?: Scope
  /** Headers that the route reads, beyond those that every route reads. */
  readonly reads?: readonly RequestHeader[]
  /** JSON Schema of query parameters whose form the route checks itself, by name. */
  readonly forms?: Readonly<Record<string, Json>>
  /** By status, what is no problem. */
  readonly answers: Readonly<Record<number, Answer>>
  /** Problems of its own, beyond those that every route of its form has. */
  readonly problems?: readonly ProblemCode[]
  /** Requests with their answers, in an order that makes sense to a reader. Each is sent by a test. */
  readonly examples?: Readonly<Record<string, Exchange>>
}

export interface Answer {
  readonly description: string
  readonly headers?: readonly ResponseHeader[]
  /** `application/json` unless told. */
  readonly mediaType?: string
  /** Where Fastify does not serialise the answer, and so needs no schema of it. */
  readonly schema?: TSchema
  /** By name, calls that go on from this answer. */
  readonly links?: Readonly<Record<string, Link>>
}

/** OpenAPI's link: the parameters of another operation as runtime expressions over this one's answer. */
export interface Link {
  readonly operationId: string
  readonly description: string
  readonly parameters: Readonly<Record<string, string>>
}

/** One request and its answer. Ids, times, tokens and cursors stand for those that a server would give. */
export interface Exchange {
  readonly summary: string
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: number
  /** The members that matter. */
  readonly answerHeaders?: Readonly<Record<string, string>>
  readonly answer?: unknown
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Null keeps the route out of the document. */
    operation?: Operation | null
  }
}
