import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Command } from 'commander'

const registering = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => join(import.meta.dirname, file))
  .filter((file) => /^export function register\(/m.test(readFileSync(file, 'utf8')))

test('the help of every command has an example', async () => {
  const program = new Command('thereview')
  for (const file of registering) (await import(file)).register(program)
  assert.ok(program.commands.length > 15)
  for (const command of program.commands) {
    let help = ''
    command.configureOutput({
      writeOut: (text) => {
        help += text
      },
    })
    command.outputHelp()
    assert.match(help, /\nExamples?:/, command.name())
  }
})
