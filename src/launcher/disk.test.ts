import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooLittle } from './disk.ts'

test('too little room is refused with what there is, what is needed and what to do', () => {
  assert.equal(
    tooLittle('/home/me/project', 120 * 1024 * 1024),
    'The disk is full: 120 MB are free under /home/me/project, and the stack needs 500. ' +
      'Make room, or set THEREVIEW_HOME to a folder on another disk.',
  )
  assert.equal(tooLittle('/home/me/project', 501 * 1024 * 1024), undefined)
})
