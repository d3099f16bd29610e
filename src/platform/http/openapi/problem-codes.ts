import { type ProblemCode, problemTypes } from '../problem.ts'
import type { DescribedRoute } from './described-route.ts'

/** Every code that a route may answer, by status: what any route may, what its form brings along, and its own. */
export function problemsByStatus(route: DescribedRoute, open: boolean): Map<string, ProblemCode[]> {
  const codes = problemsOf(route, open).toSorted((a, b) => problemTypes[a].status - problemTypes[b].status)
  return Map.groupBy(codes, (code) => String(problemTypes[code].status))
}

function problemsOf({ schema, operation, method }: DescribedRoute, open: boolean): ProblemCode[] {
  const { credentials, reads = [], problems = [] } = operation
  const has = (part: string) => schema[part] !== undefined
  const codes: (ProblemCode | false)[] = [
    'bad_request',
    has('params') && 'malformed_url',
    // The router takes an empty part for a parameter.
    has('params') && 'not_found',
    has('body') && 'malformed_json',
    reads.includes('Consistency-Token') && 'invalid_consistency_token',
    !open && credentials !== 'none' && 'unauthenticated',
    // An open API refuses foreign hosts and origins, whatever they ask for.
    (open || credentials === 'required') && 'forbidden',
    'request_timeout',
    reads.includes('Idempotency-Key') && 'idempotency_in_progress',
    reads.includes('If-Match') && 'version_mismatch',
    method !== 'GET' && 'body_too_large',
    has('body') && 'unsupported_media_type',
    ['params', 'querystring', 'body'].some(has) && 'validation_failed',
    reads.includes('Idempotency-Key') && 'idempotency_key_reused',
    credentials !== 'none' && 'rate_limited',
    'headers_too_large',
    'internal',
    'unavailable',
    ...problems,
  ]
  return [...new Set(codes.filter((code) => code !== false))]
}
