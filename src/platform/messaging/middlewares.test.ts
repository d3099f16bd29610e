import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reviewCreated } from '../../contracts/events/review-created.ts'
import { exampleOf } from '../../contracts/example.ts'
import { AppError, unavailable } from '../errors.ts'
import { createLogger } from '../telemetry/logger.ts'
import { firstAttempt } from './attempt.ts'
import { type HandlerContext, ok } from './handler.ts'
import { isolation } from './isolation.ts'
import { logCheck } from './log-check.ts'
import { receive } from './receive.ts'
import type { Arrival, Run } from './run.ts'

const context: HandlerContext = {
  log: createLogger({ service: 'test', level: 'silent', format: 'json' }),
  signal: new AbortController().signal,
}

function arrival(nth: number): Arrival {
  const event = { ...exampleOf(reviewCreated), event_id: `019a0c5e-7b1f-7000-8000-00000000000${nth}` }
  const value = Buffer.from(JSON.stringify(event))
  const record = {
    topic: 't',
    partition: 0,
    offset: BigInt(nth),
    timestamp: 0n,
    key: null,
    value,
    headers: [],
  }
  const received = receive(firstAttempt(record), new Set([reviewCreated.type]))
  assert.ok(received.kind === 'event')
  return received.arrival
}

const batch = [1, 2, 3].map(arrival)
const codes = async (run: Run) =>
  (await run(batch, context)).map((outcome) => ('error' in outcome ? outcome.error.code : outcome.verdict))
const nthOf = ({ delivery }: Arrival) => Number(delivery.event.event_id.at(-1))

test('of a batch whose handler has a bug only the culprit is a dead letter', async () => {
  const run: Run = async (arrivals) => {
    if (arrivals.some((one) => nthOf(one) === 2)) throw new TypeError('bug')
    return arrivals.map(() => ok)
  }
  assert.deepEqual(await codes(isolation(run)), ['ok', 'handler_error', 'ok'])
})

test('a handler that forgets an outcome is a bug too', async () => {
  assert.deepEqual(await codes(isolation(async () => [])), [
    'handler_error',
    'handler_error',
    'handler_error',
  ])
})

test('a dependency that is down is nobody’s fault, also when it goes while the culprit is looked for', async () => {
  let calls = 0
  const run: Run = async () => {
    calls += 1
    throw calls === 1 ? new TypeError('bug') : unavailable('postgres', null)
  }
  await assert.rejects(isolation(run)(batch, context), { code: 'unavailable' })
})

test('what goes wrong after the work was told to stop is nobody’s fault', async () => {
  const run: Run = async () => {
    throw new DOMException('aborted', 'AbortError')
  }
  const stopped = { ...context, signal: AbortSignal.abort() }
  await assert.rejects(isolation(run)(batch, stopped), { code: 'interrupted', verdict: 'retryable' })
})

test('events that the log does not hold never reach the handler, and each of the others has its own outcome', async () => {
  const known = new Set(
    batch.filter((one) => nthOf(one) !== 2).map(({ delivery }) => delivery.event.event_id),
  )
  const run: Run = async (arrivals) =>
    arrivals.map((one) => ({ verdict: 'retry', error: new AppError(`for-${nthOf(one)}`, 'retryable', '') }))
  assert.deepEqual(await codes(logCheck(async () => known)(run)), ['for-1', 'unknown_to_log', 'for-3'])
})
