import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLineOf } from '../../src/launcher/processes.ts'

const project = join(import.meta.dirname, '..', '..')

test('several suites end in one total, and success is exit code 0', () => {
  const { status, output } = runTests({
    'src/a.test.ts': passing('a'),
    'test/compose/b.test.ts': passing('b'),
  })
  assert.equal(status, 0, output)
  assert.match(output, /suites {4}unit \(1 files\) · compose \(1 files\)/)
  assert.match(output, /ℹ tests 2\nℹ suites 0\nℹ pass 2\nℹ fail 0\n(ℹ .*\n)+$/)
})

test('a failure is shown in full, and is exit code 1', () => {
  const { status, output } = runTests({
    'src/a.test.ts': `${passing('a')}test('bad', () => { throw new Error('the reason') })\n`,
  })
  assert.equal(status, 1)
  assert.match(output, /failing tests:[\s\S]*the reason[\s\S]*ℹ pass 1\nℹ fail 1\n/)
})

test('a file that dies before its tests is a failure', () => {
  const { status, output } = runTests({ 'src/a.test.ts': 'process.exit(0 + 3)\n' })
  assert.equal(status, 1)
  assert.match(output, /ℹ fail 1\n/)
})

test('a process that a test leaves behind is ended, and is a failure', {
  skip: process.platform !== 'linux',
}, () => {
  const { status, output } = runTests({
    'src/a.test.ts': `import { spawn } from 'node:child_process'
${passing('a')}spawn('sleep', ['61'], { detached: true, stdio: 'ignore' }).unref()\n`,
  })
  assert.equal(status, 1)
  assert.match(output, /PROBLEM {3}a test left process (\d+) behind: sleep 61/)
  const pid = Number(/left process (\d+)/.exec(output)?.[1])
  assert.equal(commandLineOf(pid), undefined)
})

test('a suite that cannot run is named, and is a failure', () => {
  const { status, output } = runTests({ 'src/a.test.ts': passing('a') })
  assert.equal(status, 1)
  assert.match(output, /NOT RUN {3}compose: it has no files/)

  const without = runTests(
    { 'src/a.test.ts': passing('a'), 'test/compose/b.test.ts': passing('b') },
    { tool: false },
  )
  assert.equal(without.status, 1)
  assert.match(
    without.output,
    /NOT RUN {3}compose: docker-compose is not installed .*apt-get install docker-compose/,
  )
  assert.match(without.output, /ℹ tests 1\n/)
})

function passing(name: string): string {
  return `import { test } from 'node:test'\ntest('${name}', () => undefined)\n`
}

/** Runs this project's runner in a project of its own that has just these files. */
function runTests(
  files: Record<string, string>,
  { tool = true } = {},
): { status: number | null; output: string } {
  const root = mkdtempSync(join(tmpdir(), 'run-suites-'))
  after(() => rmSync(root, { recursive: true }))
  cpSync(join(project, 'scripts'), join(root, 'scripts'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts'),
  })
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'))
  mkdirSync(join(root, 'src'))
  symlinkSync(join(project, 'src', 'launcher'), join(root, 'src', 'launcher'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  const tools = join(root, 'tools')
  mkdirSync(tools)
  if (tool) writeFileSync(join(tools, 'docker-compose'), '', { mode: 0o755 })
  const args = [join(root, 'scripts', 'test.ts'), '--suite', 'unit,compose']
  // What tells a test file that it runs under a runner would keep the inner runner from starting.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env
  const env = { ...environment, PATH: tool ? `${tools}:/usr/bin:/bin` : tools, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}
