import { constants } from 'node:os'
import { Command, CommanderError } from 'commander'
import { register as audit } from './audit.ts'
import { register as config } from './config.ts'
import { register as dlq } from './dlq.ts'
import { register as events } from './events.ts'
import { register as keys } from './keys.ts'
import { register as lag } from './lag.ts'
import { register as load } from './load.ts'
import { register as outbox } from './outbox.ts'
import { register as prepare } from './prepare.ts'
import { register as services } from './services.ts'
import { register as stack } from './stack.ts'
import { register as statistics } from './statistics.ts'
import { register as token } from './token.ts'
import { register as topics } from './topics.ts'

/** Each group of commands is one file with a `register`. What a command does is imported when it runs. */
const groups = {
  'The local stack:': [stack],
  'What is inside:': [topics, lag, events, outbox, dlq, statistics, load],
  'Who may, and who did:': [token, keys, audit],
  'Services, each a process:': [config, prepare, services],
}

const program = new Command('thereview')
  .description('TheReview: its local stack, its services, and the tools to look inside.')
  .addHelpText('after', examples())
  .showHelpAfterError('(thereview --help shows what there is)')
  .exitOverride()
for (const [heading, registers] of Object.entries(groups)) {
  program.commandsGroup(heading)
  for (const register of registers) register(program)
}

for (const output of [process.stdout, process.stderr]) output.on('error', endWithReader)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already. Help and version are no mistakes.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

/**
 * Whoever reads our output has seen enough: `… | head`. Ends as what SIGPIPE ends, which Node ignores; a command that
 * has children to look after listens itself, and goes on.
 */
function endWithReader(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (this.listenerCount('error') > 1) return
  if (error.code !== 'EPIPE') throw error
  process.exit(128 + constants.signals.SIGPIPE)
}

/** What a reader can mend is said in a sentence; anything else is a fault of ours, and shows where it lies. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'Error' || error.name === 'TypeError' ? (error.stack ?? error.message) : error.message
}

function examples(): string {
  return `
Examples:
  npm start                                     start everything, here; Ctrl-C stops it
  npm run -s thereview -- status                what runs where
  npm run -s thereview -- stop kafka-1          take a broker away, and see that nothing is lost
  npm run -s thereview -- logs relay -f         what the relay says
  npm run -s thereview -- load --help           each command has examples of its own`
}
