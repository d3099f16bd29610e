import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Flights } from './flights.ts'

test('who comes before the work ends shares the next, not the one under way', async () => {
  const flights = new Flights<number>()
  const work = [Promise.withResolvers<number>(), Promise.withResolvers<number>()] as const
  let begun = 0
  const next = () => (begun++ === 0 ? work[0].promise : work[1].promise)
  const first = flights.join('k', next)
  const late = [flights.join('k', next), flights.join('k', next)]
  assert.equal(begun, 1)
  work[0].resolve(1)
  work[1].resolve(2)
  assert.equal(await first, 1)
  assert.deepEqual(await Promise.all(late), [2, 2])
  assert.equal(begun, 2)
})

test('work that fails is its own readers’ failure, and the next begins', async () => {
  const flights = new Flights<string>()
  const failing = flights.join('k', () => Promise.reject(new Error('no')))
  const next = flights.join('k', async () => 'yes')
  await assert.rejects(failing, { message: 'no' })
  assert.equal(await next, 'yes')
  assert.equal(await flights.join('k', async () => 'again'), 'again')
})

test('different keys do not wait for each other', async () => {
  const flights = new Flights<string>()
  void flights.join('slow', () => Promise.withResolvers<string>().promise)
  assert.equal(await flights.join('quick', async () => 'done'), 'done')
})

test('however readers come, none gets a result from before it asked, and one is under way at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom('a', 'b'), { minLength: 1 }),
      async (s, keys) => {
        const flights = new Flights<number>()
        let clock = 0
        const underWay = new Set<string>()
        const readers = keys.map((key, i) =>
          s.schedule(Promise.resolve(), `reader ${i}`).then(async () => {
            const asked = clock++
            const begun = await flights.join(key, async () => {
              assert.ok(!underWay.has(key))
              underWay.add(key)
              const begins = clock++
              await s.schedule(Promise.resolve(), `work for ${i}`)
              underWay.delete(key)
              return begins
            })
            assert.ok(begun > asked)
          }),
        )
        await s.waitFor(Promise.all(readers))
      },
    ),
  )
})
