import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { followLog, tailOf } from './log-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'logs-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'api.log')

test('the tail is the last lines, also of a large file', () => {
  writeFileSync(file, Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join(''))
  assert.equal(tailOf(file, 2), 'line 49998\nline 49999')
  assert.equal(tailOf(join(folder, 'none.log'), 2), '')
  assert.equal(tailOf(file, 0), '')
  for (const lines of [49_000, 50_000, 60_000]) {
    const tail = tailOf(file, lines).split('\n')
    const first = Math.max(0, 50_000 - lines)
    assert.deepEqual([tail.length, tail[0]], [50_000 - first, `line ${first}`])
  }
})

test('following gives whole lines, once each, from now on', () => {
  const read = followLog(file)
  assert.deepEqual(read(), [])
  appendFileSync(file, 'one\ntw')
  assert.deepEqual(read(), ['one'])
  appendFileSync(file, 'o\n')
  assert.deepEqual(read(), ['two'])
})

test('a file that was made anew is read from its start', () => {
  const read = followLog(file)
  writeFileSync(file, 'fresh\n')
  assert.deepEqual(read(), ['fresh'])
})
