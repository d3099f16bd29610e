import { type Command, InvalidArgumentError, Option } from 'commander'
import { type LetterState, letterStates } from '../ops/contract/dead-letters.ts'
import { saysNothing } from './dlq-filter.ts'

/** Which letters, as the options say it. */
export interface LetterOptions {
  readonly id?: readonly number[]
  readonly group?: string
  readonly code?: string
  readonly since?: Date
  readonly until?: Date
  readonly state?: LetterState
  readonly json?: true
}

export interface ReplayOptions extends LetterOptions {
  readonly dryRun?: true
  readonly all?: true
  readonly max: number
  readonly rate: number
}

/** `thereview dlq`: what failed, why, and what to do about it. */
export function register(program: Command): void {
  const dlq = program
    .command('dlq')
    .summary('dead letters: list, show, replay, discard')
    .description(
      'Records that a group could not handle lie in deadletter.queue. Each is a letter with a state: open, replayed, ' +
        'resolved, discarded with a reason, or quarantined once its replays are spent.',
    )
    .addHelpText('after', examples)

  withFilter(
    dlq.command('list').description('Lists letters, oldest first: the open ones if no state is named.'),
    letterStates,
  )
    .addOption(new Option('--limit <n>', 'at most so many').argParser(positive).default(50))
    .action(async (options: LetterOptions & { limit: number }) =>
      (await import('./dlq-show.ts')).listDeadLetters(options),
    )

  withFilter(
    dlq.command('groups').description('Counts letters by handler, error code and kind of message.'),
    letterStates,
  ).action(async (options: LetterOptions) => (await import('./dlq-show.ts')).showGroups(options))

  dlq
    .command('show')
    .description('Shows one letter: why it failed, where it came from, and its event.')
    .argument('<id>', 'the letter', whole)
    .option('--json', 'for programs')
    .action(async (id: number, { json }: { json?: true }) =>
      (await import('./dlq-show.ts')).showLetter(id, json === true),
    )

  withChoice(
    dlq.command('replay').description('Sends open letters again to the group that failed, and to no other.'),
    [],
  )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .addOption(new Option('--max <n>', 'at most so many letters').argParser(positive).default(1_000))
    .addOption(new Option('--rate <n>', 'letters a second').argParser(positive).default(50))
    .action(async (options: ReplayOptions) => (await import('./dlq-replay.ts')).replayLetters(options))

  withChoice(
    dlq
      .command('discard')
      .description('Sets open and quarantined letters aside for good; they stay on their topic.'),
    ['open', 'quarantined'],
  )
    .requiredOption('--reason <text>', 'why, for whoever asks later')
    .action(async (options: LetterOptions & { all?: true; reason: string }) =>
      (await import('./dlq-replay.ts')).discard(options),
    )
}

/** Nobody acts on all letters by leaving an option out. */
function withChoice(command: Command, states: readonly string[]): Command {
  return withFilter(command, states)
    .option('--all', 'every letter that can be')
    .hook('preAction', (chosen) => {
      const options = chosen.opts<LetterOptions & { all?: true }>()
      if (options.all || !saysNothing(options)) return
      chosen.error(
        `error: say which letters: --id, --group, --code, --since, --until, ${states.length > 0 ? '--state, ' : ''}or --all`,
      )
    })
}

/** `states`: those of the letters that the command is about, where there is a choice. */
function withFilter(command: Command, states: readonly string[]): Command {
  command
    .addOption(new Option('--id <id...>', 'these letters').argParser(ids))
    .option('--group <name>', 'letters of this consumer group')
    .option('--code <code>', 'letters with this error code')
    .addOption(new Option('--since <time>', 'failed at or after this time').argParser(time))
    .addOption(new Option('--until <time>', 'failed before this time').argParser(time))
    .option('--json', 'for programs')
  return states.length === 0
    ? command
    : command.addOption(new Option('--state <state>', 'letters in this state').choices(states))
}

function ids(text: string, before: readonly number[] = []): number[] {
  return [...before, whole(text)]
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It wants the number of a letter, as `dlq list` shows it.')
}

function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It wants a whole number above 0.')
}

function time(text: string): Date {
  const parsed = new Date(text)
  if (!Number.isNaN(parsed.getTime())) return parsed
  throw new InvalidArgumentError('It wants a time such as 2026-11-23T10:30:00Z.')
}

const examples = `
Examples:
  npm run -s thereview -- dlq groups
  npm run -s thereview -- dlq list --group analytics-service
  npm run -s thereview -- dlq show 17
  npm run -s thereview -- dlq replay --code mail_rejected --dry-run
  npm run -s thereview -- dlq replay --id 17 18
  npm run -s thereview -- dlq replay --all --rate 10
  npm run -s thereview -- dlq discard --code undecodable --reason "a test by hand"`
