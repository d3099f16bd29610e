import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canMeasureUsage, parseStat, usageOf } from './usage.ts'

test('times and parent are read past a name with spaces and brackets', () => {
  const stat = '42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 5000 1000 200'
  assert.deepEqual(parseStat(stat), { parent: 7, own: 33, ended: 77 })
  assert.equal(parseStat(''), null)
})

test('a process is seen to work, and to hold memory', { skip: !canMeasureUsage }, () => {
  const pids = new Map([['self', process.pid]])
  const before = usageOf(pids).get('self')
  const cpu = process.cpuUsage()
  while (process.cpuUsage(cpu).user < 100_000);
  const after = usageOf(pids).get('self')
  assert.ok(before && after)
  assert.ok(after.cpuSeconds - before.cpuSeconds >= 0.05)
  assert.ok(after.memoryBytes > 10 * 1024 * 1024)
})
