import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fold } from './fold.ts'
import { applyChange, type ReviewChange, type ReviewState } from './review-state.ts'

const about = { reviewId: 'r1', entityType: 'product', entityId: 'p1' }

const change = (version: number, effect: ReviewChange['effect']): ReviewChange => ({
  ...about,
  version,
  position: version * 10,
  at: new Date(Date.UTC(2026, 10, 23, 23, 59, 59) + version * 1_000).toISOString(),
  effect,
})

const history = [
  change(1, { kind: 'created', halves: 9 }),
  change(2, { kind: 'updated', halves: null }),
  change(3, { kind: 'updated', halves: 4 }),
  change(4, { kind: 'deleted' }),
] as const

function stateAt(version: number): ReviewState | null {
  return history.slice(0, version).reduce<ReviewState | null>(applyChange, null)
}

test('given nothing, when a review is created, then it is live on the UTC day of its event', () => {
  const { step, gap } = fold('r1', null, [change(1, { kind: 'created', halves: 9 })])
  assert.deepEqual(step?.after, {
    version: 1,
    entityType: 'product',
    entityId: 'p1',
    halves: 9,
    live: true,
    createdOn: '2026-11-24',
  })
  assert.equal(step?.before, null)
  assert.equal(gap, null)
})

test('given a review, when its title changes, then its rating stays and its version grows', () => {
  const { step } = fold('r1', stateAt(1), [history[1]])
  assert.deepEqual(step?.after, { ...stateAt(1), version: 2 })
})

test('given a version, when it comes again, then nothing is left to do', () => {
  assert.deepEqual(fold('r1', stateAt(3), history.slice(0, 3)), { step: null, gap: null })
})

test('given version 1, when 4 comes, then 2 to 4 are missing and nothing is applied', () => {
  assert.deepEqual(fold('r1', stateAt(1), [history[3]]), {
    step: null,
    gap: { reviewId: 'r1', first: 2, last: 4 },
  })
})

test('what comes before a gap is applied, with the position and time of what was applied', () => {
  const { step, gap } = fold('r1', null, [history[0], history[1], history[3]])
  assert.equal(step?.after.version, 2)
  assert.equal(step?.position, 20)
  assert.equal(step?.changedAt, history[1].at)
  assert.deepEqual(gap, { reviewId: 'r1', first: 3, last: 4 })
})

test('a first event that creates nothing, and a second creation, cannot follow', () => {
  assert.equal(fold('r1', null, [change(1, { kind: 'deleted' })]).step, null)
  assert.equal(fold('r1', stateAt(1), [change(2, { kind: 'created', halves: 2 })]).step, null)
})

test('however batches repeat, reorder and skip, the review ends where its highest version left it', () => {
  const versions = fc.integer({ min: 1, max: history.length })
  const batches = fc.array(fc.array(versions, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(batches, (delivered) => {
      let state: ReviewState | null = null
      let changes = 0
      for (const batch of delivered) {
        const came = batch.flatMap((version) => history[version - 1] ?? [])
        const { gap } = fold('r1', state, came)
        const missing = gap ? history.slice(gap.first - 1, gap.last) : []
        const { step, gap: left } = fold('r1', state, [...came, ...missing])
        assert.equal(left, null)
        assert.deepEqual(step?.before ?? state, state)
        changes += (step?.after.version ?? state?.version ?? 0) - (state?.version ?? 0)
        state = step?.after ?? state
      }
      const highest = Math.max(...delivered.flat())
      assert.deepEqual(state, stateAt(highest))
      assert.equal(changes, highest)
    }),
  )
})
