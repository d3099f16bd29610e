import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../flags.ts'
import { markdownTable, readPage, withTables } from './performance-page.ts'
import type { Report } from './report.ts'

const report: Report = {
  began_at: '2026-11-23T10:30:00.000Z',
  seconds: 1,
  quick: false,
  machine: {
    cores: 2,
    cpu: 'a CPU',
    memory_gib: 24,
    system: 'linux',
    node: 'v26.0.0',
    load_before: 0,
    commit: 'abc',
  },
  settings: { 'postgres fsync': 'on' },
  sections: [
    {
      letter: 'a',
      title: 'Limits',
      rows: [{ id: 'a.echo', label: 'echo', figures: [{ name: 'rate', value: 40_000, unit: '/s' }] }],
    },
  ],
  targets: [],
}
const page = '# Performance\n\nProse.\n\n<!-- bench:begin -->\nold\n<!-- bench:end -->\n\nMore prose.\n'

test('the tables stand between the marks, with machine and settings, and the prose stays', () => {
  const written = withTables(page, report)
  assert.match(written, /^# Performance\n\nProse\.\n/)
  assert.match(written, /\n\nMore prose\.\n$/)
  assert.match(written, /on 2 cores \(a CPU\).*\n\nIn force: postgres fsync `on`\./)
  assert.match(
    written,
    /\*\*\(a\) Limits\*\*\n\n\| what \| measured \|\n\| --- \| --- \|\n\| echo \| rate 40,000\/s \|/,
  )
  assert.doesNotMatch(written, /old/)
})

test('a machine that others used is said to be one', () => {
  const busy = { ...report, machine: { ...report.machine, load_before: 3.21 } }
  assert.match(
    withTables(page, busy),
    /Others were at work there \(load 3\.2\), so the rates are too low and the latencies too high\./,
  )
  assert.doesNotMatch(withTables(page, report), /Others/)
})

test('writing again changes nothing', () => {
  const once = withTables(page, report)
  assert.equal(withTables(once, report), once)
})

test('a page without a place for the tables is refused, with what it lacks', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-page-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'performance.md')
  await writeFile(file, '# Performance\n<!-- bench:end --><!-- bench:begin -->')
  await assert.rejects(
    readPage(pathToFileURL(file)),
    (error) => error instanceof UsageError && /<!-- bench:begin -->/.test(error.message),
  )
  await assert.rejects(readPage(pathToFileURL(join(folder, 'none.md'))), UsageError)
})

test('a cell may hold what would end it', () => {
  assert.equal(markdownTable(['a'], [['x|y\nz']]), '| a |\n| --- |\n| x\\|y z |')
})
