import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bucketsOf,
  countOf,
  labelOf,
  parseScrape,
  quantile,
  seriesOf,
  since,
  sumOf,
} from './prometheus-text.ts'

const text = (fast: number, all: number) => `# HELP seconds Time
# TYPE seconds histogram
seconds_bucket{le="0.1",group="a"} ${fast}
seconds_bucket{le="1",group="a"} ${all}
seconds_bucket{le="+Inf",group="a"} ${all}
requests_total{route="/x",status="200"} 7
requests_total{route="/x",status="503"} 2
up 1
`

test('series are found by name and labels', () => {
  const scrape = parseScrape(text(5, 10))
  assert.equal(sumOf(scrape, 'requests_total'), 9)
  assert.equal(sumOf(scrape, 'requests_total', { status: '503' }), 2)
  assert.equal(sumOf(scrape, 'up'), 1)
  assert.deepEqual(seriesOf(scrape, 'absent'), [])
  assert.equal(labelOf('{route="/x",status="200"}', 'status'), '200')
})

test('a quantile is taken of what came between two scrapes', () => {
  const buckets = (scrape: string) => bucketsOf(parseScrape(scrape), 'seconds', { group: 'a' })
  const came = since(buckets(text(5, 10)), buckets(text(5, 20)))
  assert.equal(countOf(came), 10)
  assert.equal(quantile(came, 0.5), 0.1 + 0.9 * 0.5)
})

test('a process that was started again counts from nought', () => {
  const buckets = (scrape: string) => bucketsOf(parseScrape(scrape), 'seconds')
  assert.equal(countOf(since(buckets(text(50, 100)), buckets(text(1, 3)))), 3)
})

test('nothing observed has no quantile', () => assert.equal(quantile(new Map(), 0.95), null))
