import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { loadText } from './load-run.ts'

const report = {
  run_id: '1a2b3c4d',
  reviews: 1000,
  accepted: 1000,
  failed: 0,
  first_failure: null,
  retried: 0,
  seconds: 0.25,
  accepted_per_second: 4000,
  latency_ms: { p50: 5.1, p99: 20.2, max: 31 },
  entities: 50,
  entities_agreed: 50,
  agreed_after_seconds: 0.4,
}

test('a report says what was accepted, how fast, and when the statistics agreed', () => {
  assert.equal(
    loadText(report),
    `accepted    1,000 in 0.25 s, 4,000 a second
latency     p50 5.1 ms, p99 20.2 ms, longest 31 ms
statistics  all 50 agree with the count, 0.4 s after the last answer
run         load-1a2b3c4d, the prefix of its users and products
`,
  )
})

test('what went wrong is named', () => {
  const text = loadText({
    ...report,
    accepted: 998,
    failed: 2,
    retried: 12,
    first_failure: '503 unavailable',
    entities_agreed: 49,
    agreed_after_seconds: null,
  })
  const plain = stripVTControlCharacters(text)
  assert.match(plain, /^statistics {2}49 of 50 agree with the count$/m)
  assert.match(plain, /^retried {5}12$/m)
  assert.match(plain, /^failed {6}2; the first: 503 unavailable$/m)
})
