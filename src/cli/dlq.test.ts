import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { register } from './dlq.ts'

for (const args of [['replay'], ['replay', '--dry-run'], ['discard', '--reason', 'a test']]) {
  test(`dlq ${args.join(' ')} without a choice of letters is wrong usage`, async () => {
    let said = ''
    const program = new Command().exitOverride().configureOutput({
      writeErr: (text) => {
        said += text
      },
    })
    register(program)
    await assert.rejects(program.parseAsync(['dlq', ...args], { from: 'user' }), { name: 'CommanderError' })
    assert.match(said, /say which letters: --id, .* or --all/)
  })
}

test('dlq replay takes no --state: it is about open letters alone', async () => {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  register(program)
  const args = ['dlq', 'replay', '--state', 'resolved']
  await assert.rejects(program.parseAsync(args, { from: 'user' }), /unknown option '--state'/)
})
