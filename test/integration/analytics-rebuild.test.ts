import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { analyticsHandler } from '../../src/analytics/handler.ts'
import { readDays, readStats } from '../../src/analytics/statistics-store.ts'
import type { Entity } from '../../src/contracts/cache-keys.ts'
import { userRegistered } from '../../src/contracts/events/user-registered.ts'
import { rebuildAnalytics } from '../../src/ops/rebuild.ts'
import { verifyAnalytics } from '../../src/ops/verify.ts'
import { listAudit } from '../../src/platform/audit/audit.ts'
import { createPool, type Pool } from '../../src/platform/postgres/pool.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { append, newEvent } from '../support/log.ts'
import { appendToLog, newReview, type ReviewDelivery, reviewEvent } from '../support/review-events.ts'
import { historiesOfReviews } from '../support/review-histories.ts'
import { assertStatistics, recount } from '../support/statistics-recount.ts'

let db: Pool
let handle: (batch: readonly ReviewDelivery[]) => Promise<unknown>
const context = {
  log: createLogger({ service: 'test', level: 'silent', format: 'json' }),
  signal: new AbortController().signal,
}

before(async () => {
  const { DATABASE_URL } = await createTestEnvironment()
  db = createPool({ url: DATABASE_URL, size: 10, applicationName: 'test' })
  const cache = { fence: async () => undefined, read: () => assert.fail() }
  const handler = analyticsHandler({ db, cache })
  handle = (batch) => handler.handle(batch, context)
})

after(() => db.end())

beforeEach(async () => {
  await db.query(
    'truncate events, relay_set_aside, analytics.reviews, analytics.entity_stats, analytics.entity_days',
  )
})

const verify = () => verifyAnalytics({ pool: db, onProgress: () => undefined, rangeSize: 3 })

async function rebuild() {
  const fenced: (Entity & { revision: number })[] = []
  const fence = async (entities: readonly (Entity & { revision: number })[]) => void fenced.push(...entities)
  return {
    ...(await rebuildAnalytics({
      pool: db,
      actor: 'test',
      fence,
      onProgress: () => undefined,
      rangeSize: 3,
    })),
    fenced,
  }
}

async function someReviews(entityIds: readonly string[]): Promise<ReviewDelivery[]> {
  return appendToLog(
    db,
    entityIds.flatMap((entityId) => {
      const review = newReview(entityId)
      return [reviewEvent(review, 1, { created: 4 }), reviewEvent(review, 2, { rated: 2.5 })]
    }),
  )
}

test('what was counted event by event agrees with a recount, and a rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(historiesOfReviews, async (histories) => {
      await db.query('truncate analytics.reviews, analytics.entity_stats, analytics.entity_days')
      await db.query('truncate events, relay_set_aside')
      const all = await appendToLog(db, histories.flat())
      await handle(all)
      const { drifting, behind } = await verify()
      assert.deepEqual([drifting, behind.events], [0, 0])
      const { drifting: rebuilt, fenced } = await rebuild()
      assert.deepEqual([rebuilt, fenced], [0, []])
      await assertStatistics(db, recount(all))
    }),
    { numRuns: 15 },
  )
})

const harms: [what: string, statement: string][] = [
  ['a wrong histogram', "update analytics.entity_stats set histogram[9] = 7 where entity_id = 'harmed'"],
  ['a lost entity', "delete from analytics.entity_stats where entity_id = 'harmed'"],
  ['a lost day', "delete from analytics.entity_days where entity_id = 'harmed'"],
  ['a wrong day', "update analytics.entity_days set halves = halves + 1 where entity_id = 'harmed'"],
  ['a wrong rating', "update analytics.reviews set halves = 10 where entity_id = 'harmed'"],
  [
    'a review that is said to be gone',
    "update analytics.reviews set live = false where entity_id = 'harmed'",
  ],
  ['a revision that fell back', "update analytics.entity_stats set revision = 1 where entity_id = 'harmed'"],
  [
    'a review that never was',
    `insert into analytics.reviews select gen_random_uuid(), version, entity_type, entity_id, halves, live,
       created_on, position, changed_at from analytics.reviews where entity_id = 'harmed' limit 1`,
  ],
]

for (const [what, statement] of harms) {
  test(`${what} is drift, which a rebuild reports, mends and fences`, async () => {
    const all = await someReviews(['harmed', 'harmed', 'sound'])
    await handle(all)
    await db.query(statement)
    const found = await verify()
    assert.equal(found.drifting, 1)
    assert.equal(found.differences[0]?.entity_id, 'harmed')
    const before = await readStats(db, { entityType: 'product', entityId: 'harmed' })

    const { drifting, differences, fenced } = await rebuild()
    assert.equal(drifting, 1)
    assert.equal(differences[0]?.entity_id, 'harmed')
    assert.equal(differences[0]?.expected?.histogram[3], 2)
    assert.equal((await verify()).drifting, 0)
    const after = await readStats(db, { entityType: 'product', entityId: 'harmed' })
    assert.ok(after && after.revision >= (before?.revision ?? 0))
    for (const entity of fenced) {
      assert.equal(entity.entityId, 'harmed')
      assert.equal(entity.revision, after.revision)
    }
    // And another finds nothing more to do.
    assert.deepEqual((await rebuild()).fenced, [])
  })
}

test('an entity that nobody ever reviewed goes, and what is cached of it', async () => {
  await handle(await someReviews(['a']))
  await db.query(
    `insert into analytics.entity_stats select 'product', 'phantom', histogram, 5, position, updated_at
     from analytics.entity_stats`,
  )
  assert.equal((await verify()).drifting, 1)
  const { fenced } = await rebuild()
  assert.deepEqual(fenced, [{ entityType: 'product', entityId: 'phantom', revision: 6 }])
  assert.equal(await readStats(db, { entityType: 'product', entityId: 'phantom' }), undefined)
})

test('what the worker has not come to yet is no drift; a rebuild is ahead of it, and it absorbs', async () => {
  const all = await someReviews(['a', 'b', 'c'])
  await handle(all.slice(0, 3))
  const { drifting, behind } = await verify()
  assert.equal(drifting, 0)
  assert.equal(behind.events, 3)
  assert.ok(behind.oldest_seconds >= 0)
  assert.equal((await rebuild()).drifting, 0)
  await handle(all)
  await assertStatistics(db, recount(all))
  assert.equal((await verify()).behind.events, 0)
})

test('events of other aggregates, whose ids are no UUIDs, are passed over', async () => {
  const all = await someReviews(['a'])
  await append(db, [newEvent(userRegistered, { aggregateId: `user-${randomUUID()}` })])
  await handle(all)
  assert.deepEqual([(await verify()).drifting, (await verify()).behind.events], [0, 0])
  await rebuild()
  await assertStatistics(db, recount(all))
})

test('workers and readers go on while it is rebuilt again and again, and nothing is lost or counted twice', async () => {
  const entity = { entityType: 'product', entityId: 'busy' }
  const all: ReviewDelivery[] = []
  let writing = true
  const write = async () => {
    for (let i = 0; i < 60; i++) {
      const deliveries = await someReviews(['busy', `other-${i % 5}`])
      all.push(...deliveries)
      await handle(deliveries)
    }
    writing = false
  }
  const read = async () => {
    let revision = 0
    while (writing) {
      const stats = await readStats(db, entity)
      assert.ok((stats?.revision ?? 0) >= revision, 'a revision fell back')
      revision = stats?.revision ?? 0
      await readDays(db, entity, '2000-01-01', '2100-01-01')
    }
  }
  const rebuildAgain = async () => {
    let rebuilds = 0
    while (writing || rebuilds === 0) {
      assert.equal((await rebuild()).drifting, 0)
      rebuilds += 1
    }
  }
  await Promise.all([write(), write(), read(), rebuildAgain()])
  await assertStatistics(
    db,
    recount(all.sort((one, other) => Number((one.position ?? 0n) - (other.position ?? 0n)))),
  )
})

test('a second rebuild at the same time is refused', async () => {
  await handle(await someReviews(['a']))
  let refused: Promise<void> | undefined
  await rebuildAnalytics({
    pool: db,
    actor: 'test',
    fence: () => refused ?? assert.fail(),
    onProgress: () => {
      refused ??= assert.rejects(rebuild(), { code: 'rebuild_under_way' })
    },
  })
})

test('a rebuild that fails leaves the live statistics, and nothing of itself', async () => {
  const [last] = await listAudit(db, 1)
  const all = await someReviews(['a'])
  await handle(all)
  const onProgress = () => {
    throw new Error('interrupted')
  }
  const failing = rebuildAnalytics({ pool: db, actor: 'test', fence: async () => undefined, onProgress })
  await assert.rejects(failing, { message: 'interrupted' })
  await assertStatistics(db, recount(all))
  const { rowCount } = await db.query("select from pg_namespace where nspname = 'analytics_rebuild'")
  assert.equal(rowCount, 0)
  await rebuild()
  const [entry, before] = await listAudit(db, 2)
  assert.deepEqual(
    [entry?.actor, entry?.action, entry?.target, entry?.details.drifting],
    ['test', 'statistics.rebuilt', 'analytics', 0],
  )
  assert.deepEqual(before, last, 'one that fails before the switch is no act')
})
