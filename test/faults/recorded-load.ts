import { setTimeout as pause } from 'node:timers/promises'

/** A write that was answered 2xx: it must be found again, whatever happened since. */
export interface Acknowledged {
  readonly kind: 'create' | 'update' | 'delete'
  readonly reviewId: string
  /** The version that the answer named; unknown of a deletion. */
  readonly version: number | null
  readonly rating: number
}

export interface LoadRecord {
  readonly acknowledged: Acknowledged[]
  /** Writes that got no answer, or a 5xx: all of each is there, or nothing. */
  uncertain: number
  readonly latenciesMs: number[]
}

export interface RecordedLoad {
  readonly record: LoadRecord
  /** Begins no more writes, and resolves once those under way are answered or given up. */
  stop(): Promise<void>
}

const writers = 6
const entities = 20
// An API that is down answers nothing at once: a writer waits this long before it tries again.
const retryMs = 50
const timeoutMs = 15_000

/**
 * A steady mixed load: creates, updates and deletions by several writers, each with reviews of its own. What was
 * acknowledged is kept; a review of which a write is uncertain is not written again.
 */
export function startLoad(apiUrl: string, run: string, writesPerSecond = 150): RecordedLoad {
  const record: LoadRecord = { acknowledged: [], uncertain: 0, latenciesMs: [] }
  const stopping = new AbortController()
  const everyMs = (1000 * writers) / writesPerSecond
  const all = Array.from({ length: writers }, (_, writer) =>
    write(apiUrl, `${run}-w${writer}`, everyMs, record, stopping.signal),
  )
  return {
    record,
    async stop() {
      stopping.abort()
      await Promise.all(all)
    },
  }
}

interface Live {
  readonly reviewId: string
  rating: number
}

async function write(apiUrl: string, user: string, everyMs: number, record: LoadRecord, signal: AbortSignal) {
  const live: Live[] = []
  for (let n = 0; !signal.aborted; n++) {
    const started = performance.now()
    const kind = live.length === 0 || n % 5 < 3 ? 'create' : n % 5 === 3 ? 'update' : 'delete'
    const answered =
      kind === 'create'
        ? await create(apiUrl, `${user}-${n}`, live, record)
        : await change(apiUrl, kind, live, n, record)
    if (answered) record.latenciesMs.push(performance.now() - started)
    else record.uncertain += 1
    const rest = answered ? everyMs - (performance.now() - started) : retryMs
    if (rest > 0) await pause(rest, undefined, { signal }).catch(() => undefined)
  }
}

async function create(apiUrl: string, user: string, live: Live[], record: LoadRecord): Promise<boolean> {
  const rating = 1 + Math.floor(Math.random() * 9) / 2
  const body = {
    entity_type: 'product',
    entity_id: `prod-${Math.floor(Math.random() * entities)}`,
    user_id: user,
    rating,
    content: `A review by ${user}`,
  }
  const answer = await send('POST', `${apiUrl}/api/v1/reviews`, body)
  if (!answer || answer.status >= 500) return false
  const review = (await answer.json()) as { review_id: string; version: number }
  if (answer.status !== 201)
    throw new Error(`a create was answered ${answer.status}: ${JSON.stringify(review)}`)
  live.push({ reviewId: review.review_id, rating })
  record.acknowledged.push({ kind: 'create', reviewId: review.review_id, version: review.version, rating })
  return true
}

async function change(
  apiUrl: string,
  kind: 'update' | 'delete',
  live: Live[],
  n: number,
  record: LoadRecord,
) {
  const [review] = live.splice(n % live.length, 1)
  if (!review) return true
  const url = `${apiUrl}/api/v1/reviews/${review.reviewId}`
  const rating = review.rating === 5 ? 1 : review.rating + 0.5
  const answer = kind === 'update' ? await send('PUT', url, { rating }) : await send('DELETE', url)
  if (!answer || answer.status >= 500) return false
  const version = kind === 'update' ? ((await answer.json()) as { version: number }).version : null
  if (!answer.ok) throw new Error(`${kind} of ${review.reviewId} was answered ${answer.status}`)
  record.acknowledged.push({ kind, reviewId: review.reviewId, version, rating })
  if (kind === 'update') live.push({ ...review, rating })
  return true
}

/** Undefined where there was no answer. */
async function send(method: string, url: string, body?: object): Promise<Response | undefined> {
  const request: RequestInit = { method, signal: AbortSignal.timeout(timeoutMs) }
  if (body) {
    request.headers = { 'content-type': 'application/json' }
    request.body = JSON.stringify(body)
  }
  try {
    const answer = await fetch(url, request)
    // An answer that breaks off in its body is none.
    return new Response(answer.status === 204 ? null : await answer.text(), answer)
  } catch {
    return undefined
  }
}
