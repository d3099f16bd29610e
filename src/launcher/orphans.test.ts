import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { homeAt, makeHome } from './home.ts'
import { takeLock } from './lock.ts'
import { clearLeftovers, orphansOf } from './orphans.ts'
import { identityOf } from './processes.ts'
import { type RunRecord, readRunRecord, writeRunRecord } from './run-record.ts'

const home = homeAt(mkdtempSync(join(tmpdir(), 'orphans-')))
after(() => rmSync(home.folder, { recursive: true }))

test('what a killed supervisor left is ended, and its record removed', async () => {
  await makeHome(home)
  const orphan = spawn('sleep', ['60'], { detached: true })
  await once(orphan, 'spawn')
  writeRunRecord(
    home.runFile,
    recordWith({ mail: { pid: orphan.pid ?? 0, identity: identityOf(orphan.pid ?? 0) } }),
  )
  const ended = once(orphan, 'exit')
  assert.deepEqual(await clearLeftovers(home), ['mail'])
  assert.deepEqual(await ended, [null, 'SIGTERM'])
  assert.equal(readRunRecord(home.runFile), undefined)
})

test('nothing is ended while a supervisor is at work', async () => {
  await makeHome(home)
  const lock = takeLock(home.lockFile)
  assert.equal(await clearLeftovers(home), undefined)
  lock?.release()
})

test('a later process with the same pid is not an orphan', () => {
  const record = recordWith({ api: { pid: 10, identity: 'boot/1' }, relay: { pid: 11, identity: 'boot/2' } })
  const orphans = orphansOf(record, (pid) => (pid === 10 ? 'boot/1' : 'boot/3'))
  assert.deepEqual(
    orphans.map(({ name }) => name),
    ['api'],
  )
})

test('a record that is missing or damaged leaves nothing to end', () => {
  assert.deepEqual(orphansOf(undefined), [])
})

function recordWith(processes: Record<string, { pid: number; identity: string | undefined }>): RunRecord {
  const entries = Object.entries(processes).map(([name, { pid, identity = '' }]) => {
    return [name, { pid, identity, signal: 'SIGTERM' as const }]
  })
  return {
    supervisor: { pid: 1, identity: 'gone' },
    startedAt: new Date().toISOString(),
    processes: Object.fromEntries(entries),
  }
}
