import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manyLines, oneLine } from './wording.ts'

test('one line holds no line break and no control character, whatever was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = oneLine(text, 150)
      assert.ok(line.length <= 150)
      assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}]/u)
      assert.ok(line.isWellFormed())
    }),
  )
})

test('a header cannot be injected', () => {
  assert.equal(oneLine('Hello\r\nBcc: eve@example.test', 150), 'Hello Bcc: eve@example.test')
  assert.equal(oneLine('a\u2028b\u0000c\td', 150), 'a b c d')
})

test('text cannot be turned around', () => {
  assert.equal(oneLine('safe \u202emoc.live\u202c', 150), 'safe moc.live')
  assert.equal(manyLines('\u2066x\u2069'), 'x')
})

test('line breaks of any kind stay line breaks, and empty lines do not pile up', () => {
  assert.equal(manyLines('  one\r\ntwo\rthree\n\n\n\n\nfour\u0007\n'), 'one\ntwo\nthree\n\nfour')
})

test('what is too long is cut between characters, never within one', () => {
  assert.equal(oneLine('abcdef', 6), 'abcdef')
  assert.equal(oneLine('abcdefg', 6), 'abcde…')
  assert.equal(oneLine('ab👨‍👩‍👧‍👦cdefg', 8), 'ab…')
  assert.equal(manyLines('one two three', 9), 'one two…')
})
