import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startDatabaseClock } from '../../src/platform/postgres/database-clock.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 2, applicationName: 'test' })
after(() => pool.end())

const hour = 3_600_000

for (const off of [-hour, 0, hour]) {
  test(`a host that is ${off / hour} h off tells the database's time`, async (t) => {
    const realNow = Date.now
    t.mock.method(Date, 'now', () => realNow() + off)
    const clock = await startDatabaseClock(pool)
    t.after(() => clock.stop())
    assert.ok(Math.abs(clock.now().getTime() - realNow()) < 1_000)
  })
}
