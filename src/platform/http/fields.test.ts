import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FilledTextPattern, LinePattern, UrlPattern } from './fields.ts'

const blank = /^[\p{Cc}\s\ufeff]*$/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u001f\u007f-\u009f]/
const pieces = fc.constantFrom('a', 'é', '💥', ' ', '\t', '\n', '\u0000', '\u0085', '\u3000', '\ufeff')
const texts = fc.array(pieces, { maxLength: 8 }).map((all) => all.join(''))

test('a filled text has no NUL, and something that is not blank', () => {
  const pattern = new RegExp(FilledTextPattern)
  fc.assert(
    fc.property(texts, (text) =>
      assert.equal(pattern.test(text), !text.includes('\u0000') && !blank.test(text), JSON.stringify(text)),
    ),
  )
})

test('a line has no control character, and something that is not blank', () => {
  const pattern = new RegExp(LinePattern)
  fc.assert(
    fc.property(texts, (text) =>
      assert.equal(pattern.test(text), !control.test(text) && !blank.test(text), JSON.stringify(text)),
    ),
  )
})

for (const [name, pattern] of Object.entries({ FilledTextPattern, LinePattern, UrlPattern })) {
  test(`${name} refuses a long text in a time in proportion to its length`, () => {
    for (const piece of ['a', ' ', 'a ', 'http://a', 'http://a:1/']) {
      const began = performance.now()
      assert.equal(new RegExp(pattern).test(`${piece.repeat(200_000 / piece.length)}\u0000`), false)
      const seconds = (performance.now() - began) / 1_000
      assert.ok(seconds < 2, `${JSON.stringify(piece)} took ${seconds} s`)
    }
  })
}
