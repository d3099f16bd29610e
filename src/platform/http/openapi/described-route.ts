import type { Operation } from './operation.ts'
import type { Json } from './schemas.ts'

/** A route as the document needs it. */
export interface DescribedRoute {
  readonly method: string
  /** Fastify's form, `/reviews/:review_id`. */
  readonly url: string
  readonly schema: Json
  readonly operation: Operation
}
