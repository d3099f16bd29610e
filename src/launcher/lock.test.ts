import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { takeLock } from './lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'lock-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'lock')

test('a lock is for one, and free again once released', () => {
  const first = takeLock(file)
  assert(first)
  assert.equal(takeLock(file), undefined)
  first.release()
  const second = takeLock(file)
  assert(second)
  second.release()
})

test('a killed holder leaves no stale lock', async () => {
  const source = `import { takeLock } from '${join(import.meta.dirname, 'lock.ts')}'
    takeLock(${JSON.stringify(file)})
    console.log('locked')
    setInterval(() => undefined, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  assert.equal(takeLock(file), undefined)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = takeLock(file)
  assert(lock)
  lock.release()
})
