import { setTimeout as pause } from 'node:timers/promises'
import type { LoadClient } from './load-client.ts'
import { plannedReview } from './load-plan.ts'
import { LoadTally } from './load-tally.ts'

export interface LoadOptions {
  /** Sets this run's users and entities apart from every other's. */
  readonly runId: string
  readonly reviews: number
  readonly entities: number
  /** How many requests are under way at once. */
  readonly connections: number
  /** Requests a second, sent whether or not the answers keep up; null sends as fast as they come back. */
  readonly ratePerSecond: number | null
  /** How long to wait for the statistics once the last review is answered. */
  readonly agreementTimeoutMs: number
  readonly onPosted?: (done: number) => void
  readonly onAgreed?: (agreed: number, entities: number) => void
}

export interface LoadReport {
  readonly run_id: string
  readonly reviews: number
  readonly accepted: number
  readonly failed: number
  /** What the first review that failed was told. */
  readonly first_failure: string | null
  readonly retried: number
  readonly seconds: number
  readonly accepted_per_second: number
  readonly latency_ms: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly entities: number
  /** Entities whose statistics equal a count of what was accepted. */
  readonly entities_agreed: number
  /** From the last answer until every statistic agreed; null if some never did. */
  readonly agreed_after_seconds: number | null
}

type Posting = Pick<
  LoadOptions,
  'runId' | 'reviews' | 'entities' | 'connections' | 'ratePerSecond' | 'onPosted'
>

/** Posts reviews, and waits until every statistic agrees with a count of those that were accepted. */
export async function runLoad(client: LoadClient, options: LoadOptions): Promise<LoadReport> {
  const posted = await postAll(client, options)
  const agreed = await awaitAgreement(client, posted.tally, options)
  const seconds = posted.milliseconds / 1000
  const entities = posted.tally.entities.length
  return {
    run_id: options.runId,
    reviews: options.reviews,
    accepted: posted.accepted,
    failed: options.reviews - posted.accepted,
    first_failure: posted.firstFailure,
    retried: posted.retried,
    seconds: rounded(seconds),
    accepted_per_second: Math.round(posted.accepted / seconds),
    latency_ms: {
      p50: rounded(percentile(posted.latencies, 0.5)),
      p99: rounded(percentile(posted.latencies, 0.99)),
      max: rounded(percentile(posted.latencies, 1)),
    },
    entities,
    entities_agreed: agreed.count,
    agreed_after_seconds: agreed.count === entities ? rounded(agreed.milliseconds / 1000) : null,
  }
}

async function postAll(client: LoadClient, options: Posting) {
  const tally = new LoadTally()
  const latencies = new Float64Array(options.reviews)
  const intervalMs = options.ratePerSecond === null ? null : 1000 / options.ratePerSecond
  const begin = performance.now()
  let next = 0
  let done = 0
  let accepted = 0
  let retried = 0
  let firstFailure: string | null = null

  const connection = async () => {
    for (let n = next++; n < options.reviews; n = next++) {
      // At a fixed rate a latency counts from when the request was due, not from when a slow server let it be
      // sent: otherwise the server's pauses would hide the requests that they delay ("coordinated omission").
      const due = intervalMs === null ? performance.now() : begin + n * intervalMs
      const early = due - performance.now()
      if (early > 0) await pause(early)
      const review = plannedReview(options.runId, options.entities, n)
      const result = await client.post(review)
      latencies[n] = performance.now() - due
      retried += result.retries
      if (result.accepted) {
        accepted += 1
        tally.add(review.entity_id, review.rating)
      } else {
        firstFailure ??= result.reason
      }
      done += 1
      options.onPosted?.(done)
    }
  }
  await inParallel(options.connections, connection)
  return { tally, latencies, accepted, retried, firstFailure, milliseconds: performance.now() - begin }
}

async function awaitAgreement(
  client: LoadClient,
  tally: LoadTally,
  { connections, agreementTimeoutMs, onAgreed }: LoadOptions,
): Promise<{ count: number; milliseconds: number }> {
  const begin = performance.now()
  const entities = tally.entities
  let pending = entities
  const elapsed = () => performance.now() - begin
  while (pending.length > 0 && elapsed() < agreementTimeoutMs) {
    const queue = [...pending]
    const differing: string[] = []
    await inParallel(connections, async () => {
      for (let entity = queue.pop(); entity !== undefined; entity = queue.pop()) {
        const statistics = await client.statistics(entity)
        if (!statistics || !tally.agreesWith(entity, statistics)) differing.push(entity)
      }
    })
    pending = differing
    onAgreed?.(entities.length - pending.length, entities.length)
    if (pending.length > 0) await pause(20)
  }
  return { count: entities.length - pending.length, milliseconds: elapsed() }
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work))
}

/** The value that so large a part of them does not exceed (nearest rank). */
export function percentile(values: Float64Array, part: number): number {
  const sorted = values.toSorted()
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
