import { type Command, InvalidArgumentError } from 'commander'

export function register(program: Command): void {
  program
    .command('verify')
    .summary('count every event again, and compare the statistics')
    .description(
      'Counts the whole log again and compares each entity: reviews, histogram, days. What the analytics worker has ' +
        'not come to yet is no drift. Exits with 1 if there is any.',
    )
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample:\n  npm run -s thereview -- verify')
    .action(async ({ json }: { json?: true }) => {
      process.exitCode = await (await import('./statistics-run.ts')).runVerify(json === true)
    })

  program
    .command('rebuild')
    .summary('build a projection anew from the log, and put it in the place of the live one')
    .description(
      'Builds the projection beside the live one, says in what they differ, and switches without a gap. ' +
        'Workers and readers go on all the while.',
    )
    .argument('<projection>', 'analytics', projection)
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample:\n  npm run -s thereview -- rebuild analytics')
    .action(async (_: 'analytics', { json }: { json?: true }) =>
      (await import('./statistics-run.ts')).runRebuild(json === true),
    )
}

function projection(name: string): 'analytics' {
  if (name !== 'analytics') throw new InvalidArgumentError('There is one projection: analytics.')
  return name
}
