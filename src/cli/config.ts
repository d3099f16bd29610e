import { Argument, type Command } from 'commander'
import { type ProcessName, processNames } from '../services/variables.ts'

export function register(program: Command): void {
  const config = program
    .command('config')
    .summary('check, show and document the environment that the services read')
    .addHelpText('after', examples)

  const process_ = () =>
    new Argument('[process...]', 'only what these read; by default what all do').choices(processNames)

  config
    .command('check')
    .summary('say all that is wrong with the environment; exits with 1 if anything is')
    .addArgument(process_())
    .action(async (names: ProcessName[]) => {
      process.exitCode = await (await import('./config-run.ts')).check(names)
    })

  config
    .command('show')
    .summary('every variable, its value, and where that is from; secrets are not shown')
    .addArgument(process_())
    .option('--json', 'for programs')
    .action(async (names: ProcessName[], { json }: { json?: true }) =>
      (await import('./config-run.ts')).show(names, json === true),
    )

  config
    .command('docs')
    .summary('write docs/configuration.md anew')
    .action(async () => (await import('./config-run.ts')).writePage())
}

const examples = `
Addresses that the environment does not give are those of the running local stack.

Examples:
  npm run -s thereview -- config check
  AUTH_SECRET=short npm run -s thereview -- config check api
  npm run -s thereview -- config show notification-worker`
