import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Facts } from './facts.ts'
import { History } from './history.ts'
import { effectOf } from './trends-of.ts'

const group = 'analytics-service'
const metric = 'thereview_consumer_effect_latency_seconds_bucket'

/** A look: what the group has committed, and how many effects there were by then, within a second and at all. */
function look(at: number, committed: number, [fast, all]: readonly [number, number]): Facts {
  const scrape = new Map([
    [`${metric}{le="1",group="${group}"}`, fast],
    [`${metric}{le="+Inf",group="${group}"}`, all],
  ])
  const facts = { state: 'Stable', members: 1, topics: [], lag: 0, lagSeconds: 0, oldestAt: null }
  return {
    at,
    services: [{ name: 'analytics-worker', state: 'up', away: [], waiting: false, hangs: false, scrape }],
    log: null,
    kafka: {
      brokers: [],
      replicaHolders: [],
      leads: new Map(),
      ends: new Map(),
      offline: [],
      underReplicated: [],
      belowMinIsr: [],
      missingTopics: [],
      groups: [{ ...facts, group, committed }],
    },
    letters: null,
    retries: null,
  }
}

function countsAfter(looks: readonly Facts[]): (number | null)[] {
  const history = new History()
  return looks.map((facts) => {
    history.add(facts)
    return effectOf(history, group)?.count ?? null
  })
}

test('effects count from one look to the next', () => {
  const looks = [look(0, 100, [100, 100]), look(2_000, 110, [110, 110])]
  assert.deepEqual(countsAfter(looks), [null, 10])
})

test('records that come again after a reset of offsets are not counted as late', () => {
  const looks = [
    look(0, 100, [100, 100]),
    look(2_000, 0, [100, 100]),
    look(4_000, 60, [100, 160]),
    look(6_000, 100, [100, 200]),
    look(8_000, 103, [103, 203]),
  ]
  assert.deepEqual(countsAfter(looks), [null, null, null, null, 3])
})

test('however long the records take that come again, they are not counted as late', () => {
  const minute = 60_000
  const reading = Array.from({ length: 40 }, (_, n) => look((n + 2) * minute, n * 2, [100, 100 + n * 2]))
  const looks = [
    look(0, 100, [100, 100]),
    ...reading,
    look(42 * minute, 100, [100, 200]),
    look(43 * minute, 104, [104, 204]),
  ]
  const counts = countsAfter(looks)
  assert.deepEqual(counts.slice(0, -1), counts.slice(0, -1).fill(null))
  assert.equal(counts.at(-1), 4)
})
