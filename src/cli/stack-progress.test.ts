import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { type ProgressPart, progressLines, showProgress } from './stack-progress.ts'

const parts: ProgressPart[] = [
  { name: 'kafka-1', state: 'ready', url: 'kafka://127.0.0.1:9092' },
  { name: 'postgres', state: 'external', url: 'postgres://db.example.test/reviews' },
  { name: 'schema-registry', state: 'starting', detail: 'downloads 12/158 MB' },
  { name: 'api', state: 'starting', detail: 'waits for schema-registry' },
]
const view = { frame: '*', seconds: 4.25, width: 80, height: 24 }
const plain = (lines: string[]) => lines.map(stripVTControlCharacters)

test('shows where a part is once it is ready, and what it does or waits for until then', () => {
  assert.deepEqual(plain(progressLines(parts, view)), [
    'Starting TheReview   2 of 4 ready   4.3 s',
    '  ✔ kafka-1          kafka://127.0.0.1:9092',
    '  ↗ postgres         postgres://db.example.test/reviews',
    '  * schema-registry  downloads 12/158 MB',
    '  · api              waits for schema-registry',
  ])
})

test('no line is wider than the terminal, so that the block can be drawn again over itself', () => {
  for (const width of [20, 30, 40]) {
    for (const line of plain(progressLines(parts, { ...view, width }))) {
      assert(line.length < width, `${line.length} columns of ${width}: ${line}`)
    }
  }
})

test('on a low terminal what is ready makes room', () => {
  const lines = plain(progressLines(parts, { ...view, height: 4 }))
  assert.deepEqual(
    lines.slice(1).map((line) => line.slice(4, 19).trim()),
    ['postgres', 'schema-registry', 'api'],
  )
})

test('elsewhere than on a terminal, each step of a part is one line', () => {
  let written = ''
  const output = {
    isTTY: false,
    columns: 0,
    rows: 0,
    write: (text: string | Uint8Array) => {
      written += text
      return true
    },
  }
  const redis: ProgressPart = { name: 'redis', state: 'starting', detail: 'downloads 1/9 MB' }
  let now: ProgressPart[] = [redis]
  const progress = showProgress(() => now, output)
  now = [{ ...redis, detail: 'downloads 9/9 MB' }]
  progress.end()
  assert.equal(written, 'redis: downloads 1/9 MB\n')
})
