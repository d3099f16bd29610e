import { type Command, InvalidArgumentError, Option } from 'commander'
import { type ServiceName, serviceNames } from '../contracts/service-names.ts'
import { maxLogLevelMinutes } from '../ops/contract/log-levels.ts'
import { logLevelsForm, parseLogLevels } from '../platform/telemetry/log-levels.ts'
import { parseExpiry } from './expiry.ts'

export interface LevelFlags {
  readonly for: number
  readonly reset?: true
  readonly json?: true
}

/** `thereview logs level`, under the command of the logs. */
export function registerLevel(logs: Command): void {
  logs
    .command('level')
    .summary('show or change how much a running service logs')
    .description(
      'Without levels it shows what was changed. A change takes two seconds, holds for all processes of the service, ' +
        'ends by itself, and is in the audit. What a service is started with is LOG_LEVEL, written the same way.',
    )
    .argument('[service]', `one of: ${serviceNames.join(', ')}`, parseService)
    .argument('[levels]', `${logLevelsForm}`, parseLevels)
    .addOption(
      new Option('--for <time>', 'how long it holds, at most 24h').argParser(parseTime).default(60, '1h'),
    )
    .option('--reset', 'back to what the service was started with')
    .option('--json', 'for programs')
    .addHelpText('after', examples)
    .action(
      async (service: ServiceName | undefined, levels: string | undefined, flags: LevelFlags, command) => {
        const misused = misuseOf(service, levels, flags, command.getOptionValueSource('for') === 'cli')
        if (misused) command.error(`error: ${misused}`, { exitCode: 2 })
        const run = await import('./log-levels-run.ts')
        if (service && levels) await run.changeLevels(service, levels, flags.for)
        else if (service && flags.reset) await run.resetLevels(service)
        else await run.showLevels(service, flags.json === true)
      },
    )
}

/** What was asked for and would not be done. */
function misuseOf(
  service: ServiceName | undefined,
  levels: string | undefined,
  { reset, json }: LevelFlags,
  hasTime: boolean,
): string | null {
  if (reset && !service) return '--reset wants a service'
  if (reset && levels) return '--reset and levels exclude each other'
  if (hasTime && !levels) return '--for wants levels that hold so long'
  if (json && (reset || levels)) return '--json is for showing: a change prints no JSON'
  return null
}

function parseService(name: string): ServiceName {
  const service = serviceNames.find((known) => known === name)
  if (service) return service
  throw new InvalidArgumentError(`There is no service "${name}". The services: ${serviceNames.join(', ')}.`)
}

function parseLevels(text: string): string {
  if (parseLogLevels(text)) return text
  throw new InvalidArgumentError(`It wants ${logLevelsForm}.`)
}

function parseTime(text: string): number {
  const minutes = Math.ceil(parseExpiry(text) / 60)
  if (minutes <= maxLogLevelMinutes) return minutes
  throw new InvalidArgumentError('It may be at most 24h. For a permanent change set LOG_LEVEL.')
}

const examples = `
Examples:
  npm run -s thereview -- logs level                            what was changed, and until when
  npm run -s thereview -- logs level relay debug                everything that the relay has to say, for an hour
  npm run -s thereview -- logs level analytics-worker info,kafka=debug --for 10min
  npm run -s thereview -- logs level relay --reset`
