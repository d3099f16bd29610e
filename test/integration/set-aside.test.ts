import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { reviewCreated } from '../../src/contracts/events/review-created.ts'
import {
  listSetAside,
  readRequested,
  requestRetry,
  setAside,
  settleRetries,
} from '../../src/platform/log/set-aside.ts'
import { readAfter } from '../../src/platform/log/stored-event.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 2, applicationName: 'test' })
after(() => pool.end())

test('a retry that is requested while others are under way is not forgotten', async () => {
  await append(pool, [newEvent(reviewCreated), newEvent(reviewCreated), newEvent(reviewCreated)])
  const [mended, broken, late, ...none] = await readAfter(pool, 0, 10)
  assert.ok(mended && broken && late && none.length === 0)
  await setAside(
    pool,
    [mended, broken, late].map((event) => ({ event, reason: 'record_too_large' })),
  )
  for (const { aggregate_id } of [mended, broken]) await requestRetry(pool, aggregate_id)
  const requested = await readRequested(pool)
  assert.deepEqual(requested, [mended, broken])

  await requestRetry(pool, late.aggregate_id)
  await settleRetries(pool, requested, [mended])
  assert.deepEqual(
    (await listSetAside(pool)).map(({ aggregate_id, retry_requested }) => [aggregate_id, retry_requested]),
    [
      [broken.aggregate_id, false],
      [late.aggregate_id, true],
    ],
  )
})
