import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { missingFrom } from './complete-lock.ts'

test('package-lock.json is whole: `npm ci` takes it on every platform', () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'))
  assert.deepEqual([...missingFrom(lock).keys()], [], 'run: npm run lock:complete')
})

test('an optional package may lie beside the one that names it, or above', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { x: '1.0.0', y: '1.0.0', z: '1.0.0' } },
    'node_modules/a/node_modules/x': {},
    'node_modules/y': {},
  }
  assert.deepEqual([...missingFrom({ packages }).keys()], ['node_modules/z'])
})
