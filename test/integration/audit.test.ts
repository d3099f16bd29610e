import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { appendAudit, listAudit, verifyAudit } from '../../src/platform/audit/audit.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { createTestEnvironment } from '../support/environment.ts'

const { DATABASE_URL } = await createTestEnvironment()
const pool = createPool({ url: DATABASE_URL, size: 8, applicationName: 'test' })
after(() => pool.end())

const act = (n: number) => ({
  actor: 'admin-1',
  action: 'topic.changed',
  target: `topic-${n}`,
  details: { n },
})

test('an empty chain holds', async () => {
  assert.deepEqual(await verifyAudit(pool), { entries: 0, brokenAt: null })
})

test('entries appended at once are numbered without gaps, and the chain holds', async () => {
  const numbers = await Promise.all(Array.from({ length: 30 }, (_, n) => appendAudit(pool, act(n))))
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 30 }, (_, n) => n + 1),
  )
  assert.deepEqual(await verifyAudit(pool), { entries: 30, brokenAt: null })
})

test('entries are listed newest first, and on from a number', async () => {
  const first = await listAudit(pool, 2)
  assert.deepEqual(
    first.map(({ number }) => number),
    [30, 29],
  )
  assert.deepEqual(
    (await listAudit(pool, 2, 29)).map(({ number }) => number),
    [28, 27],
  )
  assert.equal(first[0]?.action, 'topic.changed')
})

test('the table refuses changes', async () => {
  for (const change of ["update audit set actor = 'x'", 'delete from audit', 'truncate audit']) {
    await assert.rejects(pool.query(change), /append-only/)
  }
})

// Whoever owns the database can switch the trigger off: the chain is what tells of it then.
const tampering: [what: string, sql: string, brokenAt: number][] = [
  ['the last entry is removed', 'delete from audit where number = 30', 30],
  ['an entry is removed', 'delete from audit where number = 12', 13],
  ['an entry is changed', "update audit set actor = 'someone-else' where number = 7", 7],
]
for (const [what, sql, brokenAt] of tampering) {
  test(`verification finds where ${what}`, async () => {
    await pool.query('alter table audit disable trigger all')
    await pool.query(sql)
    assert.equal((await verifyAudit(pool)).brokenAt, brokenAt)
  })
}
