import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unopened } from './unopened.ts'

const letter = (nth: number, bytes = 1) => ({
  id: `${nth}`,
  receivedAt: new Date(nth),
  raw: Buffer.alloc(bytes),
})
const idsOf = (letters: { id: string }[]) => letters.map(({ id }) => id)

test('of more letters than it holds the oldest go', () => {
  const unopened = new Unopened({ letters: 2, bytes: 100 })
  const gone = [1, 2, 3, 4].flatMap((nth) => unopened.add(letter(nth)))
  assert.deepEqual(idsOf(gone), ['1', '2'])
  assert.deepEqual(idsOf(unopened.takeAll()), ['3', '4'])
  assert.equal(unopened.size, 0)
})

test('of more bytes than it holds the oldest go, but never the one that just came', () => {
  const unopened = new Unopened({ letters: 10, bytes: 100 })
  unopened.add(letter(1, 40))
  unopened.add(letter(2, 40))
  assert.deepEqual(idsOf(unopened.add(letter(3, 50))), ['1'])
  assert.deepEqual(idsOf(unopened.add(letter(4, 500))), ['2', '3'])
  assert.equal(unopened.size, 1)
})

test('what is taken, put back or all taken is counted', () => {
  const unopened = new Unopened({ letters: 10, bytes: 100 })
  unopened.add(letter(1, 60))
  const taken = unopened.take() ?? assert.fail()
  assert.deepEqual(unopened.add(letter(2, 60)), [])
  unopened.putBack(taken)
  assert.deepEqual(idsOf(unopened.add(letter(3, 1))), ['1'])
  unopened.takeAll()
  assert.deepEqual(unopened.add(letter(4, 100)), [])
  assert.equal(unopened.take()?.id, '4')
  assert.equal(unopened.take(), undefined)
  assert.deepEqual(unopened.add(letter(5, 100)), [])
})
