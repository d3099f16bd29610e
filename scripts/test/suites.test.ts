import assert from 'node:assert/strict'
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { defaultSuites, filesAt, filesOf, suites, suitesNamed } from './suites.ts'

const root = mkdtempSync(join(tmpdir(), 'suites-'))
after(() => rmSync(root, { recursive: true }))
for (const file of [
  'src/a/one.test.ts',
  'src/a/one.ts',
  'test/integration/two.test.ts',
  'test/e2e/three.test.ts',
]) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), '')
}

const shape = (selections: ReturnType<typeof filesOf>) =>
  Object.fromEntries(
    selections.filter(({ files }) => files.length > 0).map(({ suite, files }) => [suite.name, files]),
  )

test('every test file of this project belongs to one suite', () => {
  const project = join(import.meta.dirname, '..', '..')
  const files = globSync('**/*.test.ts', { cwd: project, exclude: ['**/node_modules'] }).sort()
  const chosen = filesOf(suites, project).flatMap((selection) => selection.files)
  assert.deepEqual(chosen.toSorted(), files)
})

test('files are found by their suite', () => {
  assert.deepEqual(shape(filesOf(defaultSuites, root)), {
    unit: ['src/a/one.test.ts'],
    integration: ['test/integration/two.test.ts'],
    e2e: ['test/e2e/three.test.ts'],
  })
})

test('a path names a file, or a folder with all below it', () => {
  assert.deepEqual(shape(filesAt(['src/a/one.test.ts'], root)), { unit: ['src/a/one.test.ts'] })
  assert.deepEqual(shape(filesAt(['test'], root)), {
    integration: ['test/integration/two.test.ts'],
    e2e: ['test/e2e/three.test.ts'],
  })
  assert.deepEqual(shape(filesAt(['./src/', 'test/*/three.test.ts'], root)), {
    unit: ['src/a/one.test.ts'],
    e2e: ['test/e2e/three.test.ts'],
  })
})

test('a path or suite that does not exist is a mistake, not an empty success', () => {
  assert.throws(() => filesAt(['src/b'], root), /no test at "src\/b"/)
  assert.throws(() => filesAt(['src/a/one.ts'], root), /no test at "src\/a\/one.ts"/)
  assert.throws(() => suitesNamed(['e2']), /There is no suite "e2"\. The suites are unit, /)
})

test('what needs other programs is not part of npm test', () => {
  assert.ok(defaultSuites.every(({ needs }) => needs.length === 0))
})
