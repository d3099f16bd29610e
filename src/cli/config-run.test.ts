import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { everyService } from '../platform/config/every-service.ts'
import { variableNames } from '../platform/config.ts'
import { variablesOf } from '../services/variables.ts'
import { page, pageUrl } from './config-run.ts'

test('docs/configuration.md is what the configuration makes of it: `npm run -s thereview -- config docs`', () => {
  assert.equal(readFileSync(pageUrl, 'utf8'), page())
})

test('every variable is read by some process', () => {
  const read = new Set<string>([...Object.values(variablesOf).flat(), ...everyService])
  assert.deepEqual(
    variableNames.filter((name) => !read.has(name)),
    [],
  )
})
