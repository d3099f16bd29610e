import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ifMatch, noneMatches } from './conditional.ts'

const matches: [header: string | undefined, version: number, matches: boolean][] = [
  [undefined, 3, true],
  ['*', 3, true],
  ['"3"', 3, true],
  ['"2", "3"', 3, true],
  ['"2","3"', 3, true],
  ['"2"', 3, false],
  // Weak tags never match strongly.
  ['W/"3"', 3, false],
  ['3', 3, false],
  ['', 3, false],
  ['"3', 3, false],
]
for (const [header, version, expected] of matches) {
  test(`If-Match: ${header} ${expected ? 'lets' : 'does not let'} version ${version} be written`, () => {
    assert.equal(ifMatch(header)(version), expected)
  })
}

const none: [header: string | undefined, version: number, matches: boolean][] = [
  [undefined, 3, false],
  ['*', 3, true],
  ['"3"', 3, true],
  ['W/"3"', 3, true],
  ['"1", W/"3"', 3, true],
  ['"2"', 3, false],
  ['3', 3, false],
  ['', 3, false],
]
for (const [header, version, expected] of none) {
  test(`If-None-Match: ${header} ${expected ? 'has' : 'has not'} version ${version}`, () => {
    assert.equal(noneMatches(header, version), expected)
  })
}
