import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportOf } from './report.ts'

test('status --json has the keys of the contract, and null for what is not known', () => {
  const report = reportOf(
    [
      {
        name: 'kafka-1',
        state: 'ready',
        detail: undefined,
        pid: 42,
        port: 9092,
        url: 'kafka://127.0.0.1:9092',
        startedAt: new Date('2026-11-23T10:30:00Z'),
        restarts: 3,
      },
      {
        name: 'postgres',
        state: 'external',
        detail: undefined,
        pid: undefined,
        port: undefined,
        url: 'postgres://db.example.test/reviews',
        startedAt: undefined,
        restarts: 0,
      },
    ],
    (pid) => pid * 1024,
  )
  assert.deepEqual(JSON.parse(JSON.stringify(report)), {
    parts: [
      {
        name: 'kafka-1',
        state: 'ready',
        detail: null,
        pid: 42,
        port: 9092,
        url: 'kafka://127.0.0.1:9092',
        memory_bytes: 43_008,
        started_at: '2026-11-23T10:30:00.000Z',
        restarts: 3,
      },
      {
        name: 'postgres',
        state: 'external',
        detail: null,
        pid: null,
        port: null,
        url: 'postgres://db.example.test/reviews',
        memory_bytes: null,
        started_at: null,
        restarts: 0,
      },
    ],
  })
})
