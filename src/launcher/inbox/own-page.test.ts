import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFromOwnPage } from './own-page.ts'

const cases: [what: string, headers: Record<string, string>, isOwn: boolean][] = [
  ['a program', { host: '127.0.0.1:1080' }, true],
  [
    'its page',
    { host: 'localhost:1080', origin: 'http://localhost:1080', 'sec-fetch-site': 'same-origin' },
    true,
  ],
  [
    'a link to it',
    { host: '127.0.0.1:1080', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    true,
  ],
  ['another page', { host: '127.0.0.1:1080', origin: 'https://elsewhere.test' }, false],
  ['a page without an origin', { host: '127.0.0.1:1080', origin: 'null' }, false],
  ['another port of this machine', { host: '127.0.0.1:1080', origin: 'http://127.0.0.1:8080' }, false],
  ['a name that leads here', { host: 'elsewhere.test:1080' }, false],
  ['no name', {}, false],
  [
    'a picture',
    { host: '127.0.0.1:1080', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    false,
  ],
]
for (const [what, headers, isOwn] of cases) {
  test(`${what} is ${isOwn ? 'answered' : 'refused'}`, () => {
    assert.equal(isFromOwnPage(headers, 1080), isOwn)
  })
}
