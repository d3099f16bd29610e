import { type Command, InvalidArgumentError } from 'commander'
import { allTopics } from '../contracts/topics.ts'
import type { TailFlags } from './events-tail.ts'

export function register(program: Command): void {
  const events = program
    .command('events')
    .summary('follow the events on Kafka')
    .addHelpText('after', examples)

  events
    .command('tail')
    .summary('show events as they come')
    .description(
      'Shows events as they come, one a line, until Ctrl-C. It joins no group and commits nothing.',
    )
    .option('--type <type>', 'only this type, or types that begin so; may be repeated', collected, [])
    .option('--key <key>', 'only records with this key: the review id, the user id')
    .option('--trace <id>', 'only events of this trace', traceId)
    .option('--topic <topic>', 'this topic instead of all that hold events; may be repeated', topicName, [])
    .option('--from-beginning', 'first what is there already')
    .option('-n, --count <number>', 'end after so many', count)
    .option('--json', 'one JSON object a line, for programs')
    .addHelpText('after', examples)
    .action(async (flags: TailFlags) => (await import('./events-tail.ts')).tailCommand(flags))
}

function collected(value: string, before: string[]): string[] {
  return [...before, value]
}

function topicName(value: string, before: string[]): string[] {
  if (allTopics.some(({ name }) => name === value)) return [...before, value]
  throw new InvalidArgumentError(
    `There is no topic "${value}". The topics: ${allTopics.map(({ name }) => name).join(', ')}.`,
  )
}

function traceId(text: string): string {
  const id = text.toLowerCase()
  if (/^[0-9a-f]{32}$/.test(id)) return id
  throw new InvalidArgumentError('It must be a trace id: 32 hex digits.')
}

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}

const examples = `
Examples:
  npm run -s thereview -- events tail
  npm run -s thereview -- events tail --type review.deleted --type user.
  npm run -s thereview -- events tail --from-beginning --key 019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c
  npm run -s thereview -- events tail --from-beginning --trace 4bf92f3577b34da6a3ce929d0e0e4736
  npm run -s thereview -- events tail --topic deadletter.queue
  npm run -s thereview -- events tail --json | jq .event.data`
