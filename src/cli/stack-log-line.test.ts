import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { isWarning, parseLogLine, readableLine } from './stack-log-line.ts'

const line = JSON.stringify({
  level: 'error',
  time: '2026-11-23T10:30:00.000Z',
  service: 'relay',
  pid: 42,
  err: { message: 'no broker answers', stack: 'long' },
  trace_id: 'abc',
  msg: 'could not publish',
})

test("a service's JSON line becomes one for the eye", () => {
  assert.match(
    stripVTControlCharacters(readableLine(line)),
    /^\d\d:\d\d:\d\d error could not publish {2}trace_id=abc error=no broker answers$/,
  )
})

test('lines of another kind stay as they are', () => {
  for (const other of ['[KafkaServer id=1] started', '{broken', '{"level":30}', '']) {
    assert.equal(readableLine(other), other)
  }
})

test('tells warnings and worse from the rest', () => {
  const withLevel = (level: string) =>
    parseLogLine(JSON.stringify({ level, time: '2026-11-23T10:30:00.000Z' }))
  const isOne = (level: string) => {
    const entry = withLevel(level)
    return entry !== undefined && isWarning(entry)
  }
  assert.deepEqual(['debug', 'info', 'warn', 'error', 'fatal'].map(isOne), [false, false, true, true, true])
})
