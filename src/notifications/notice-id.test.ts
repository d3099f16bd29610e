import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noticeId } from './notice-id.ts'

const event = '019a0c5e-7b1f-7000-8000-000000000001'

test('a notice id never changes: it is stored, and is the Message-ID of what was sent', () => {
  assert.equal(noticeId({ event }, 'user-456', 'email'), '0a00d3af-2fe0-81a0-bfda-64c60dada620')
  assert.equal(
    noticeId({ command: 'welcome-user-456' }, 'user-456', 'email'),
    'e1b3470b-232e-8503-b71d-fdb70dcf6759',
  )
})

test('it is a UUID of version 8', () => {
  for (let i = 0; i < 200; i += 1) {
    assert.match(
      noticeId({ event }, `user-${i}`, 'email'),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  }
})

test('another event, recipient or kind of source is another notice', () => {
  const ids = [
    noticeId({ event }, 'a', 'email'),
    noticeId({ event }, 'b', 'email'),
    noticeId({ event: event.replace(/1$/, '2') }, 'a', 'email'),
    noticeId({ command: event }, 'a', 'email'),
    noticeId({ command: `${event}","a` }, '', 'email'),
  ]
  assert.equal(new Set(ids).size, ids.length)
})
