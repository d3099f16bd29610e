import { type Command, InvalidArgumentError } from 'commander'

/** `thereview outbox`: what the relay has still to publish, and what it had to set aside. */
export function register(program: Command): void {
  const outbox = program
    .command('outbox')
    .summary('what is not published yet, and what was set aside')
    .description(
      'The relay publishes the log to Kafka in order. An event that no topic takes is set aside, with the later ones\n' +
        'of its aggregate, so that it holds up nobody else.',
    )
    .addHelpText('after', examples)

  outbox
    .command('status')
    .description('The backlog, the age of its oldest event, the relay that is active, and what is set aside.')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => (await import('./outbox-show.ts')).showOutbox(json === true))

  outbox
    .command('retry')
    .description('Has the relay try again what it set aside of one aggregate, once its cause is mended.')
    .argument('<aggregate>', 'the id of the aggregate, as `outbox status` shows it')
    .action(async (aggregate: string) => (await import('./outbox-show.ts')).retryAggregate(aggregate))

  outbox
    .command('rewind')
    .description(
      'Publishes the log again from a position on, as after a topic was deleted. Every effect absorbs the repeats.',
    )
    .requiredOption('--to <position>', 'publish what comes after it; 0 for everything', position)
    .option('--yes', 'do it')
    .action(async (options: { to: number; yes?: true }) =>
      (await import('./outbox-show.ts')).rewindLog(options),
    )
}

function position(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It wants a position of the log, 0 or more.')
}

const examples = `
Examples:
  npm run -s thereview -- outbox status
  npm run -s thereview -- outbox retry 019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c
  npm run -s thereview -- outbox rewind --to 0 --yes`
