import assert from 'node:assert/strict'
import { AppError } from '../../src/platform/errors.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { deadLetterRecord } from '../../src/platform/messaging/dead-letters.ts'
import { OwnStack } from '../support/own-stack.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'
import { Browser } from './browser.ts'

/** A stack of its own, and its console in a browser. */
export class OperatorsDesk {
  readonly stack: OwnStack
  readonly browser: Browser
  readonly consoleUrl: string
  readonly #apiUrl: string
  readonly #brokers: string

  private constructor(
    stack: OwnStack,
    browser: Browser,
    urls: { console: string; api: string },
    brokers: string,
  ) {
    this.stack = stack
    this.browser = browser
    this.consoleUrl = urls.console
    this.#apiUrl = urls.api
    this.#brokers = brokers
  }

  static async start(): Promise<OperatorsDesk> {
    const stack = await OwnStack.start('browser')
    try {
      const { stdout } = await stack.thereview('status', '--json')
      const { parts } = JSON.parse(stdout) as { parts: { name: string; url: string }[] }
      const urlOf = (name: string) => parts.find((part) => part.name === name)?.url ?? assert.fail(name)
      const environment = (await stack.thereview('env')).stdout
      const brokers = /KAFKA_BROKERS='?([^'\n]+)/.exec(environment)?.[1] ?? assert.fail('brokers')
      const urls = { console: urlOf('ops'), api: urlOf('api') }
      return new OperatorsDesk(stack, await Browser.start(urls.console), urls, brokers)
    } catch (error) {
      await stack.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    await this.browser.stop()
    await this.stack.stop()
  }

  async postReview(user: string): Promise<string> {
    const review = {
      entity_type: 'product',
      entity_id: 'p-1',
      user_id: user,
      rating: 4.5,
      content: 'Well made.',
    }
    const answer = await fetch(`${this.#apiUrl}/api/v1/reviews`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(review),
    })
    assert.equal(answer.status, 201)
    return ((await answer.json()) as { review_id: string }).review_id
  }

  /** Letters of an event that its group has long applied: a replay resolves them all. */
  async deadLettersOf(review: string, count: number): Promise<void> {
    const kafka = createKafka({
      brokers: this.#brokers.split(','),
      prefix: '',
      clientId: 'browser test',
      log: silent,
    })
    const reader = kafka.recordReader()
    const producer = kafka.producer()
    try {
      const record = await until('the event is on its topic', async () => {
        const read = await Promise.all(
          [0, 1, 2].map((partition) => reader.read('reviews.events', partition, 0n)),
        )
        return read.flat().find(({ key }) => key?.toString() === review)
      })
      const now = new Date()
      const error = new AppError('handler_error', 'fatal', 'x is not a function')
      await producer.send(
        Array.from({ length: count }, (_, nth) =>
          deadLetterRecord('analytics-service', {
            record: { ...record, offset: record.offset + BigInt(1_000 + nth) },
            error,
            attempts: 1,
            firstFailedAt: now,
            failedAt: now,
          }),
        ),
      )
    } finally {
      await Promise.all([reader.close(), producer.close()])
    }
  }
}
