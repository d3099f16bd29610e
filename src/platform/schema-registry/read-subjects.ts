import { AppError, unavailable } from '../errors.ts'

const timeoutMs = 5_000

export interface SubjectSummary {
  readonly subject: string
  readonly versions: readonly number[]
  /** Null where the registry's own default holds. */
  readonly compatibility: string | null
}

export interface SubjectVersion {
  readonly subject: string
  readonly version: number
  readonly id: number
  /** The schema's text, laid out. */
  readonly schema: string
}

/** Every subject of this deployment, with its versions. */
export async function listSubjects(url: string, prefix: string): Promise<SubjectSummary[]> {
  const all = await ask<string[]>(`${url}/subjects`)
  const own = (all ?? []).filter((subject) => subject.startsWith(prefix)).sort()
  return Promise.all(
    own.map(async (subject) => {
      const path = encodeURIComponent(subject)
      const [versions, config] = await Promise.all([
        ask<number[]>(`${url}/subjects/${path}/versions`),
        ask<{ compatibilityLevel?: string }>(`${url}/config/${path}`),
      ])
      return {
        subject: subject.slice(prefix.length),
        versions: versions ?? [],
        compatibility: config?.compatibilityLevel ?? null,
      }
    }),
  )
}

/** @throws {AppError} `not_found`, or a retryable `unavailable` */
export async function readSubject(
  url: string,
  prefix: string,
  subject: string,
  version: number,
): Promise<SubjectVersion> {
  const path = encodeURIComponent(prefix + subject)
  const found = await ask<{ id: number; schema: string }>(`${url}/subjects/${path}/versions/${version}`)
  if (!found) throw new AppError('not_found', 'fatal', `the registry has no version ${version} of ${subject}`)
  const schema = JSON.stringify(JSON.parse(found.schema), null, 2)
  return { subject, version, id: found.id, schema }
}

/** Null for what the registry does not have. */
async function ask<T>(url: string): Promise<T | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    throw unavailable('the schema registry', error)
  })
  if (response.status === 404) return null
  if (!response.ok) throw unavailable('the schema registry', new Error(`it answered ${response.status}`))
  return (await response.json()) as T
}
