import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { homeAt, makeHome } from './home.ts'
import type { Part } from './part.ts'
import type { PartStatus } from './part-status.ts'
import { StackError } from './stack-error.ts'
import { SupervisedPart } from './supervised-part.ts'

const home = homeAt(mkdtempSync(join(tmpdir(), 'supervised-')))
await makeHome(home)
after(() => rmSync(home.folder, { recursive: true }))

test('a part that dies is started again, and counts it', async (t) => {
  const { part, until } = supervise({})
  t.after(() => part.stop())
  await part.start()
  const { pid } = part.status
  process.kill(pid ?? 0, 'SIGKILL')
  const again = await until((now) => now.state === 'ready' && now.restarts === 1)
  assert.notEqual(again.pid, pid)
})

test('a part stopped by hand stays stopped until it is started', async () => {
  const { part } = supervise({})
  await part.start()
  await part.stop()
  assert.partialDeepStrictEqual(part.status, { state: 'stopped', pid: undefined, restarts: 0 })
  await part.start()
  assert.equal(part.status.state, 'ready')
  await part.stop()
})

test('a part that ignores its signal is ended at the deadline', async () => {
  const { part } = supervise({
    command: () => ({ file: 'sh', args: ['-c', "trap '' TERM; while :; do sleep 1; done"] }),
    stop: { signal: 'SIGTERM', deadlineMs: 200 },
  })
  await part.start()
  await part.stop()
  assert.equal(part.status.state, 'stopped')
})

test('the children of a part end with it', async () => {
  const { part } = supervise({ command: () => ({ file: 'sh', args: ['-c', 'sleep 60 & sleep 60'] }) })
  await part.start()
  const { pid = 0 } = part.status
  await part.stop()
  assert.throws(() => process.kill(-pid, 0), { code: 'ESRCH' })
})

test('what its reader must mend fails at once, and is tried on', async (t) => {
  let isMended = false
  const { part } = supervise({
    prepare: async () => {
      if (!isMended) throw new StackError('there is no Java')
    },
  })
  t.after(() => part.stop())
  await assert.rejects(part.start(), { message: 'there is no Java' })
  assert.equal(part.status.state, 'failed')
  isMended = true
  await part.start()
  assert.equal(part.status.state, 'ready')
})

test('a program that is not there is a failure like any other', async (t) => {
  const { part, until } = supervise({ command: () => ({ file: '/no/such/program', args: [] }) })
  t.after(() => part.stop())
  part.start().catch(() => undefined)
  const failed = await until((now) => now.restarts === 1)
  assert.match(failed.detail ?? '', /ENOENT/)
})

test('a stop during the start ends it too', async () => {
  const { part, until } = supervise({ isReady: async () => false })
  const start = part.start()
  await until((now) => now.pid !== undefined)
  await Promise.all([part.stop(), assert.rejects(start, { message: /was stopped/ })])
  assert.equal(part.status.pid, undefined)
})

test('a process that cannot be written down is ended', async (t) => {
  let isFull = true
  const pids: number[] = []
  const { part, until } = supervise({}, ({ pid }) => {
    if (pid === undefined) return
    pids.push(pid)
    if (isFull) throw new Error('ENOSPC: no space left on device')
  })
  t.after(() => part.stop())
  part.start().catch(() => undefined)
  await until((now) => now.restarts === 1)
  const [first = 0] = pids
  assert.throws(() => process.kill(first, 0), { code: 'ESRCH' })
  isFull = false
  await part.start()
})

function supervise(part: Partial<Part>, note: (now: PartStatus) => void = () => undefined) {
  const watchers = new Set<(now: PartStatus) => void>()
  const supervised = new SupervisedPart(
    {
      name: 'mail',
      ports: [],
      command: () => ({ file: 'sleep', args: ['60'] }),
      isReady: async () => true,
      stop: { signal: 'SIGTERM', deadlineMs: 5_000 },
      ...part,
    },
    {
      home,
      environment: process.env,
      isUp: () => true,
      changed: (now) => {
        note(now)
        for (const watch of watchers) watch(now)
      },
    },
  )
  const until = (holds: (now: PartStatus) => boolean) =>
    new Promise<PartStatus>((resolve) => {
      watchers.add((now) => holds(now) && resolve(now))
    })
  return { part: supervised, until }
}
