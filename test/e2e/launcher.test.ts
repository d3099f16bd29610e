import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { RunningStack } from '../../src/launcher/running-stack.ts'
import { openStack, startStack } from '../../src/launcher/stack.ts'
import { until } from '../support/until.ts'

/** Two real parts are enough to see what the launcher does with parts: one with children and data, one without. */
const parts = ['postgres', 'redis'] as const
const home = mkdtempSync(join(tmpdir(), 'launcher-'))
const root = join(import.meta.dirname, '..', '..')
const { DATABASE_URL: _, REDIS_URL: __, ...environment } = process.env
let stack: RunningStack

const start = () => startStack({ home, ports: 'free', parts, environment })

before(async () => {
  stack = await start()
})
after(async () => {
  await stack.stop()
  rmSync(home, { recursive: true })
})

test('the parts answer at the addresses that the stack gives', async () => {
  assert.equal(await query('select 1 as n'), 1)
  assert.equal(
    await query("select current_setting('fsync') || current_setting('synchronous_commit') as n"),
    'onon',
  )
  assert.equal(await query("select current_setting('server_encoding') as n"), 'UTF8')
})

test('passwords are needed, random, and for their owner only', async () => {
  const url = new URL(stack.addresses.DATABASE_URL ?? '')
  assert(url.password.length >= 32)
  url.password = 'guessed'
  await assert.rejects(query('select 1 as n', url.href), { code: '28P01' })
  assert.equal(statSync(join(home, 'secrets.json')).mode & 0o777, 0o600)
})

test('a part that is killed is started again, and its data is still there', async () => {
  await query('create table kept as select 7 as n')
  const { pid = 0 } = stack.part('postgres')
  process.kill(pid, 'SIGKILL')
  await until('postgres is ready again', () => {
    const now = stack.part('postgres')
    return now.state === 'ready' && now.pid !== pid && now.restarts > 0
  })
  assert.equal(await query('select n from kept'), 7)
})

test('status --json tells the states, and no password', async () => {
  const { stdout, code } = await thereview('status', '--json')
  assert.equal(code, 0)
  const report = JSON.parse(stdout)
  assert.deepEqual(
    report.parts.map(({ name, state }: { name: string; state: string }) => [name, state]),
    [
      ['postgres', 'ready'],
      ['redis', 'ready'],
    ],
  )
  assert(report.parts[0].memory_bytes > 1_000_000)
  assert.doesNotMatch(stdout, new RegExp(new URL(stack.addresses.DATABASE_URL ?? '').password))
})

test('env gives a shell the addresses', async () => {
  const { stdout } = await thereview('env')
  assert(stdout.includes(`export DATABASE_URL='${stack.addresses.DATABASE_URL}'\n`))
})

test('a part stopped from the command line stays stopped until it is started', async () => {
  assert.equal((await thereview('stop', 'redis')).code, 0)
  assert.equal(stack.part('redis').state, 'stopped')
  assert.equal((await thereview('start', 'redis')).code, 0)
  assert.equal(stack.part('redis').state, 'ready')
})

test('a frozen part can be stopped', async () => {
  process.kill(stack.part('redis').pid ?? 0, 'SIGSTOP')
  await stack.stopPart('redis')
  await stack.startPart('redis')
})

test('wrong usage exits with 2, and an unknown part lists those that there are', async () => {
  assert.equal((await thereview('levitate')).code, 2)
  assert.equal((await thereview('reset')).code, 2)
  const { code, stderr } = await thereview('stop', 'zookeeper')
  assert.equal(code, 2)
  assert.match(stderr, /There is no part "zookeeper"\. The parts: kafka-1, .*, ops\./)
})

test('a second stack in the same home is refused, and so is the deletion of its data', async () => {
  await assert.rejects(start(), { message: new RegExp(`already running \\(process ${process.pid}\\)`) })
  const { code, stderr } = await thereview('reset', '--yes')
  assert.equal(code, 1)
  assert.match(stderr, /The stack is running/)
})

test('down stops everything, children included, and the data stays for the next start', async () => {
  const pids = parts.map((name) => stack.part(name).pid ?? 0)
  assert.equal((await thereview('down')).code, 0)
  for (const pid of pids) assert.throws(() => process.kill(-pid, 0), { code: 'ESRCH' })
  const { code, stderr } = await thereview('status')
  assert.equal(code, 1)
  assert.match(stderr, /No stack is running .*npm start/)

  stack = await start()
  assert.equal(await query('select n from kept'), 7)
})

test('a part that is stopped by hand while the stack starts stays stopped, and the others start', async () => {
  await stack.stop()
  stack = await openStack({ home, ports: 'free', parts, environment })
  const up = stack.up()
  await stack.stopPart('redis')
  await up
  assert.equal(stack.part('redis').state, 'stopped')
  assert.equal(stack.part('postgres').state, 'ready')
  await stack.startPart('redis')
  assert.equal(stack.part('redis').state, 'ready')
})

test('what a killed supervisor leaves behind is noticed, ended, and started anew', async () => {
  await stack.stop()
  const supervisor = supervise()
  await once(supervisor, 'message')
  supervisor.kill('SIGKILL')
  await once(supervisor, 'exit')

  const lost = await thereview('status')
  assert.equal(lost.code, 1)
  assert.match(lost.stderr, /lost its supervisor, and postgres, redis still run/)
  stack = await start()
  assert.equal(await query('select n from kept'), 7)
  await stack.stop()

  const another = supervise()
  await once(another, 'message')
  another.kill('SIGKILL')
  await once(another, 'exit')
  const { code, stdout } = await thereview('down')
  assert.equal(code, 0)
  assert.match(stdout, /Ended what it left: postgres, redis\./)
})

async function query(statement: string, connectionString = stack.addresses.DATABASE_URL): Promise<unknown> {
  const client = new pg.Client({ connectionString })
  try {
    await client.connect()
    return (await client.query(statement)).rows[0]?.n
  } finally {
    await client.end()
  }
}

/** A stack whose supervisor is another process, which says when it is up. */
function supervise(): ChildProcess {
  const options = JSON.stringify({ home, ports: 'free', parts })
  const source = `import { startStack } from ${JSON.stringify(join(root, 'src/launcher/stack.ts'))}
    await startStack(${options})
    process.send('up')`
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function thereview(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'src', 'cli', 'main.ts'), ...args], {
    env: { ...environment, THEREVIEW_HOME: home },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...output }
}
