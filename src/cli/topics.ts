import type { Command } from 'commander'

export function register(program: Command): void {
  const topics = program
    .command('topics')
    .summary('see the Kafka topics, and bring them to what is declared')
    .addHelpText('after', examples)

  topics
    .command('list')
    .summary('every topic: partitions, replicas, retention, records')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => (await import('./topics-show.ts')).showList(json === true))

  topics
    .command('describe')
    .summary("one topic: its partitions' leaders, replicas and offsets, its settings and event types")
    .argument('<topic>', 'its name, such as reviews.events')
    .option('--json', 'for programs')
    .action(async (topic: string, { json }: { json?: true }) =>
      (await import('./topics-show.ts')).showTopic(topic, json === true),
    )

  topics
    .command('apply')
    .summary('create topics that are missing and change what differs; never deletes')
    .description(
      'Shows how the cluster differs from the declared topics, creates what is missing and changes what differs. ' +
        'It never deletes anything. Exits with 1 if something is left that only an operator can change. ' +
        'Each change is written into the audit first, so this needs DATABASE_URL too.',
    )
    .option('--dry-run', 'show the difference, and change nothing')
    .option('--json', 'for programs')
    .action(async (flags: { dryRun?: true; json?: true }) => {
      process.exitCode = await (await import('./topics-apply.ts')).applyCommand(flags)
    })
}

const examples = `
Examples:
  npm run -s thereview -- topics list
  npm run -s thereview -- topics describe reviews.events
  npm run -s thereview -- topics apply --dry-run
  KAFKA_BROKERS=kafka.example:9092 DATABASE_URL=postgres://… npm run -s thereview -- topics apply`
