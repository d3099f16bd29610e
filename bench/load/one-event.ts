import { setTimeout as pause } from 'node:timers/promises'
import type { Statistics } from '../../src/client/types.gen.ts'
import { plannedEntityId, plannedReview } from '../../src/ops/load-plan.ts'
import { nowMs } from '../driver/clock.ts'
import { HttpConnection } from '../driver/http-connection.ts'
import type { Target } from '../stack/target.ts'
import { statsPath } from './agreement.ts'
import { reviewsPath } from './reviews.ts'

const betweenReadsMs = 1

interface Answer {
  readonly status: number
  readonly body: string
  readonly head: string
  /** When it was there, by `nowMs`. */
  readonly at: number
}

/** Posts one review after another, and sees what comes of each: over two connections that stay open. */
export class OneEvent {
  readonly #target: Target
  readonly #runId: string
  readonly #entities: number
  readonly #writes: HttpConnection
  readonly #reads: HttpConnection

  constructor(target: Target, runId: string, entities: number) {
    this.#target = target
    this.#runId = runId
    this.#entities = entities
    this.#writes = new HttpConnection(target.host, target.port)
    this.#reads = new HttpConnection(target.host, target.port)
  }

  /** The n-th of the run: milliseconds from its 201 until its statistic shows it, and its mail is there. */
  async post(n: number): Promise<{ answer: number; statistic: number; mail: number }> {
    const review = plannedReview(this.#runId, this.#entities, n)
    const mail = this.#target.inbox.arrivalFor(`${review.user_id}@example.test`)
    const sentAt = nowMs()
    const { at } = await this.#create(review)
    const wanted = Math.floor(n / this.#entities) + 1
    const statistic = await this.#untilCounted(plannedEntityId(this.#runId, n % this.#entities), wanted)
    return { answer: at - sentAt, statistic: statistic - at, mail: (await mail) - at }
  }

  /** Milliseconds from the 201 until the answer to a read that sends back the write's token. */
  async postAndReadOwn(n: number): Promise<number> {
    const review = plannedReview(this.#runId, this.#entities, n)
    const { head, at } = await this.#create(review)
    const token = /\r\nconsistency-token: *(\S+)/i.exec(head)?.[1] ?? ''
    const answer = await this.#read(review.entity_id, `consistency-token: ${token}\r\n`)
    if (/\r\nconsistency-status: *stale/i.test(answer.head)) {
      throw new Error('A read with the token of a write did not hold the write.')
    }
    return answer.at - at
  }

  close(): void {
    this.#writes.close()
    this.#reads.close()
  }

  async #create(review: object): Promise<Answer> {
    const body = JSON.stringify(review)
    const head = `POST ${reviewsPath} HTTP/1.1\r\n${this.#host}content-type: application/json\r\n`
    const answer = await ask(this.#writes, `${head}content-length: ${body.length}\r\n\r\n${body}`)
    if (answer.status !== 201) throw new Error(`A review was answered ${answer.status}: ${answer.body}`)
    return answer
  }

  /** Rests between two reads: without that they would take a core from what they watch. */
  async #untilCounted(entityId: string, count: number): Promise<number> {
    for (;;) {
      const { status, body, at } = await this.#read(entityId, '')
      if (status !== 200) throw new Error(`A statistic was answered ${status}: ${body}`)
      if ((JSON.parse(body) as Statistics).count >= count) return at
      await pause(betweenReadsMs)
    }
  }

  #read(entityId: string, headers: string): Promise<Answer> {
    return ask(this.#reads, `GET ${statsPath(entityId)} HTTP/1.1\r\n${this.#host}${headers}\r\n`)
  }

  get #host(): string {
    return `host: ${this.#target.host}:${this.#target.port}\r\n`
  }
}

function ask(connection: HttpConnection, request: string): Promise<Answer> {
  return new Promise((resolve) => {
    connection.send(request, (status, body, head) => {
      resolve({ status, body: body.toString('utf8'), head, at: nowMs() })
    })
  })
}
