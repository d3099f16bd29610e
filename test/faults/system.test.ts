import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const system = new URL('system.ts', import.meta.url).href
const nowhere = fileURLToPath(new URL('no-such-folder', import.meta.url))

test('a system that cannot start ends its process with the cause', () => {
  const script = `const { System } = await import(${JSON.stringify(system)}); await System.start()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: nowhere },
    encoding: 'utf8',
    timeout: 60_000,
  })
  assert.equal(status, 1)
  assert.match(stderr, /ENOENT.*no-such-folder/)
})
