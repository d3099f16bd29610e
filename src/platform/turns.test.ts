import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from './errors.ts'
import { Turns } from './turns.ts'

const tick = () => new Promise(setImmediate)

test('the same thing is worked on one after another, another at the same time', async () => {
  const turns = new Turns({ maxLength: 10 })
  const seen: string[] = []
  const first = Promise.withResolvers<void>()
  const results = [
    turns.take('a', async () => {
      seen.push('a1')
      await first.promise
    }),
    turns.take('a', async () => seen.push('a2')),
    turns.take('b', async () => seen.push('b1')),
  ]
  await tick()
  assert.deepEqual(seen, ['a1', 'b1'])
  first.resolve()
  await Promise.all(results)
  assert.deepEqual(seen, ['a1', 'b1', 'a2'])
})

test('a turn that fails lets the next go on', async () => {
  const turns = new Turns({ maxLength: 10 })
  const failing = turns.take('a', async () => Promise.reject(new Error('no')))
  const next = turns.take('a', async () => 'yes')
  await assert.rejects(failing, /no/)
  assert.equal(await next, 'yes')
})

test('a line has its length, and empties', async () => {
  const turns = new Turns({ maxLength: 2 })
  const held = Promise.withResolvers<void>()
  const results = [turns.take('a', () => held.promise), turns.take('a', async () => undefined)]
  await assert.rejects(
    turns.take('a', async () => undefined),
    (error) => error instanceof AppError && error.code === 'unavailable',
  )
  held.resolve()
  await Promise.all(results)
  assert.equal(await turns.take('a', async () => 'again'), 'again')
})

test('who waits too long leaves, and those behind still wait for who is at work', async () => {
  const turns = new Turns({ maxLength: 10 })
  const held = Promise.withResolvers<void>()
  const seen: string[] = []
  const late = () => new AppError('too_late', 'retryable', 'too late')
  const first = turns.take('a', () => held.promise)
  const impatient = turns.take('a', async () => seen.push('impatient'), { milliseconds: 1, late })
  const last = turns.take('a', async () => seen.push('last'))
  await assert.rejects(impatient, late())
  await tick()
  assert.deepEqual(seen, [])
  held.resolve()
  await Promise.all([first, last])
  assert.deepEqual(seen, ['last'])
})
