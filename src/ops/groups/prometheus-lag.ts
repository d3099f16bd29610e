import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError, asError } from '../../platform/errors.ts'
import type { LagPoint } from '../contract/groups.ts'

const hourSeconds = 3_600
const stepSeconds = 15
const timeoutMs = 3_000

const Answer = Compile(
  Type.Object({
    status: Type.Literal('success'),
    data: Type.Object({
      result: Type.Array(Type.Object({ values: Type.Array(Type.Tuple([Type.Number(), Type.String()])) })),
    }),
  }),
)

/**
 * A group's lag in the last hour, oldest first, from what Prometheus has scraped of the exporter. Where several have
 * scraped it, the series are taken together rather than added up.
 * @throws {AppError} `unavailable`, with what Prometheus said
 */
export async function lagFromPrometheus(baseUrl: string, group: string, now: number): Promise<LagPoint[]> {
  const name = JSON.stringify(group)
  const range = (query: string) => queryRange(baseUrl, query, Math.floor(now / 1000))
  const [records, seconds] = await Promise.all([
    range(`sum(max by (topic) (kafka_consumergroup_lag_sum{consumergroup=${name}}))`),
    range(`max(kafka_consumergroup_group_max_lag_seconds{group=${name}})`),
  ])
  return [...records].map(([at, lag]) => ({
    at: new Date(at * 1000).toISOString(),
    lag,
    lag_seconds: Math.round((seconds.get(at) ?? 0) * 10) / 10,
  }))
}

/** Values by their second. */
async function queryRange(baseUrl: string, query: string, end: number): Promise<Map<number, number>> {
  const parameters = { query, start: `${end - hourSeconds}`, end: `${end}`, step: `${stepSeconds}` }
  const url = new URL(`${baseUrl.replace(/\/$/, '')}/api/v1/query_range?${new URLSearchParams(parameters)}`)
  const body = await ask(url)
  if (!Answer.Check(body)) throw refused(`it answered something else: ${JSON.stringify(body).slice(0, 200)}`)
  const points = body.data.result.flatMap(({ values }) => values)
  return new Map(points.map(([at, value]) => [at, Number(value)]))
}

async function ask({ origin, pathname, search, username, password }: URL): Promise<unknown> {
  // `fetch` takes none in a URL, and its error would show them.
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  try {
    const response = await fetch(`${origin}${pathname}${search}`, {
      signal: AbortSignal.timeout(timeoutMs),
      ...(username && { headers: { authorization } }),
    })
    return await response.json()
  } catch (error) {
    throw refused(asError(error).message, error)
  }
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('unavailable', 'retryable', `Prometheus does not tell the lag: ${why}`, { cause })
}
