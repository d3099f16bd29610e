import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import type { NewReview, Statistics } from '../client/types.gen.ts'
import { AppError } from '../platform/errors.ts'
import { plannedEntityType } from './load-plan.ts'

export type PostResult =
  | { readonly accepted: true; readonly retries: number }
  | { readonly accepted: false; readonly retries: number; readonly reason: string }

const attempts = 6
const firstPauseMs = 100

/** The API as a load run sees it, over a fixed number of connections: the client's types, without its layers. */
export class LoadClient {
  #apiUrl: string
  #http: Pool

  constructor(apiUrl: string, connections: number) {
    this.#apiUrl = apiUrl
    this.#http = new Pool(apiUrl, { connections, headersTimeout: 10_000, bodyTimeout: 10_000 })
  }

  /** @throws {AppError} `unavailable` if nobody answers, before thousands of requests find out one by one */
  async reach(): Promise<void> {
    try {
      const { body } = await this.#http.request({ path: '/health/live', method: 'GET' })
      await body.dump()
    } catch (error) {
      const remedy = 'Start it with "npm start", or name another with --api.'
      const message = `${this.#apiUrl} does not answer (${describe(error)}). ${remedy}`
      throw new AppError('unavailable', 'retryable', message, { cause: error })
    }
  }

  /**
   * Posts until the answer is certain. After a failure that leaves it open whether the review was stored, a 409
   * says that it was: nobody else writes as this user.
   */
  async post(review: NewReview): Promise<PostResult> {
    let reason = ''
    for (let retries = 0; retries < attempts; retries += 1) {
      if (retries > 0) await pause(firstPauseMs * 2 ** (retries - 1))
      try {
        const { statusCode, body } = await this.#http.request({
          path: '/api/v1/reviews',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(review),
        })
        if (statusCode === 201 || (statusCode === 409 && retries > 0)) {
          await body.dump()
          return { accepted: true, retries }
        }
        reason = `${statusCode} ${await body.text()}`.slice(0, 500)
        if (statusCode < 500 && statusCode !== 429) return { accepted: false, retries, reason }
      } catch (error) {
        reason = describe(error)
      }
    }
    return { accepted: false, retries: attempts - 1, reason }
  }

  /** An entity's statistics as anybody reads them, or null while the API has no answer. */
  async statistics(entityId: string): Promise<Statistics | null> {
    try {
      const path = `/api/v1/entities/${plannedEntityType}/${entityId}/stats`
      const { statusCode, body } = await this.#http.request({ path, method: 'GET' })
      if (statusCode === 200) return (await body.json()) as Statistics
      await body.dump()
      return null
    } catch {
      return null
    }
  }

  async close(): Promise<void> {
    await this.#http.close()
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message
}
