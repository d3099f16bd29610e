import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFlags, UsageError } from './flags.ts'

test('without flags every section runs, and nothing is kept or written', () => {
  const flags = parseFlags([])
  assert.ok(flags !== 'help')
  assert.equal(flags.only.join(''), 'abcdefghij')
  assert.deepEqual([flags.quick, flags.keep, flags.write, flags.million, flags.json], Array(5).fill(false))
})

test('sections run in their order, each once', () => {
  const flags = parseFlags(['--only', 'd, a,d', '--stack', 'keep'])
  assert.ok(flags !== 'help')
  assert.deepEqual(flags.only, ['a', 'd'])
  assert.equal(flags.keep, true)
})

const refused: readonly (readonly [args: string[], message: RegExp])[] = [
  [['--only', 'a,x'], /no section "x"\. The sections are a, b/],
  [['--only', ''], /no section ""/],
  [['--stack', 'stay'], /--stack is "stay". It can be "keep"/],
  [['--million', '--only', 'a'], /--million is for section h/],
  [['--million', '--quick'], /not quick/],
  [['--write', '--quick'], /--write is for figures of a whole run/],
  [['--write', '--only', 'a'], /--write is for figures of a whole run/],
  [['--fast'], /--fast/],
  [['a'], /'a'/],
]
for (const [args, message] of refused) {
  test(`${args.join(' ')} is refused with the remedy`, () => {
    assert.throws(
      () => parseFlags(args),
      (error) => error instanceof UsageError && message.test(error.message),
    )
  })
}
