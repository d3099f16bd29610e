import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskAll, maskEvent } from './mask.ts'

test('what a person wrote is masked; ids and ratings stay', () => {
  const event = {
    event_id: 'e',
    data: { review_id: 'r', user_id: 'u', rating: 4, title: null, content: 'secret' },
  }
  assert.deepEqual(maskEvent(event), {
    event_id: 'e',
    data: { review_id: 'r', user_id: 'u', rating: 4, title: null, content: '•••' },
  })
})

test('of changes, the rating stays', () => {
  const changes = { content: { old: 'a', new: 'b' }, rating: { old: 3, new: 4 } }
  assert.deepEqual(maskEvent({ data: { changes } }), {
    data: { changes: { content: '•••', rating: { old: 3, new: 4 } } },
  })
})

test('of a stranger, every text is masked', () =>
  assert.deepEqual(maskAll({ phone: '1', list: ['x', 2] }), { phone: '•••', list: ['•••', 2] }))
