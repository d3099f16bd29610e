/** What the API said was wrong. Source: RFC 9457. */
export class ProblemError extends Error {
  readonly status: number
  readonly code: string
  readonly traceId: string | null

  constructor(status: number, code: string, detail: string, traceId: string | null) {
    super(detail)
    this.status = status
    this.code = code
    this.traceId = traceId
  }
}

export function isProblem(error: unknown): error is ProblemError {
  return error instanceof ProblemError
}

const base = '/api/ops/v1'
const tokenKey = 'thereview.token'

/** Kept for this tab alone, and gone with it. */
export const token = {
  read: () => sessionStorage.getItem(tokenKey),
  store: (text: string) => sessionStorage.setItem(tokenKey, text),
  forget: () => sessionStorage.removeItem(tokenKey),
}

/** Asks the ops API. @throws {ProblemError} also when it cannot be reached, as `unreachable` */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const credentials = token.read()
  const headers = new Headers(init.headers)
  if (credentials) headers.set('authorization', `Bearer ${credentials}`)
  let response: Response
  try {
    response = await fetch(base + path, { ...init, headers })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ProblemError(0, 'unreachable', 'the ops service does not answer', null)
  }
  if (response.ok) return response
  throw await problemOf(response)
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal ? { signal } : {})
  return (await response.json()) as T
}

export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await request(path, { method, headers, body: JSON.stringify(body) })
  return (await response.json()) as T
}

/** A query string of what is given; what is absent or empty is left out. */
export function queryOf(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null)
  const { code, detail, trace_id } = (body ?? {}) as { code?: string; detail?: string; trace_id?: string }
  return new ProblemError(
    response.status,
    code ?? 'unknown',
    detail ?? `the service answered ${response.status}`,
    trace_id ?? null,
  )
}
