import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { PartReport } from '../launcher/report.ts'
import { exportLines, statusTable } from './stack-status.ts'

const kafka: PartReport = {
  name: 'kafka-1',
  state: 'ready',
  detail: null,
  pid: 42,
  port: 9092,
  url: 'kafka://127.0.0.1:9092',
  memory_bytes: 350 * 1024 * 1024,
  started_at: '2026-11-23T10:30:00.000Z',
  restarts: 1,
}

test('the table shows what runs where, how long and how large', () => {
  const api: PartReport = {
    ...kafka,
    name: 'api',
    state: 'failed',
    detail: 'ended with exit code 1',
    pid: null,
  }
  const table = statusTable(
    [kafka, { ...api, memory_bytes: null, started_at: null }],
    new Date('2026-11-23T10:33:00Z'),
  )
  assert.deepEqual(stripVTControlCharacters(table).split('\n'), [
    'PART     STATE   PID  MEMORY     UP  RESTARTS  WHERE',
    'kafka-1  ready    42  350 MB  3 min         1  kafka://127.0.0.1:9092',
    'api      failed                             1  ended with exit code 1',
  ])
})

test('a shell that evaluates the lines has the values as they are, whatever they hold', () => {
  const values = { A: `it's "quoted" $HOME \`id\` \\n`, B: 'postgres://me:p%20w@host/db?x=1&y=2' }
  const script = `${exportLines(values)}printf '%s\\n' "$A" "$B"`
  assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8' }), `${values.A}\n${values.B}\n`)
})
