import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { isPartName, type PartName, partNames } from '../launcher/part.ts'
import { portVariables } from '../launcher/ports.ts'
import { registerLevel } from './log-levels.ts'

/** The local stack's commands: what they are called and how to use them. */
export function register(program: Command): void {
  program
    .command('up')
    .summary('start the local stack')
    .description('Starts every part that the environment gives no address for, and stays to watch over them.')
    .option('-d, --detach', 'return when all is ready, and leave the stack running')
    .addHelpText('after', upExamples)
    .action(async ({ detach }: { detach?: true }) => {
      process.exitCode = detach
        ? await (await import('./stack-up-detached.ts')).upDetached(homeFolder())
        : await (await import('./stack-up.ts')).upInForeground(homeFolder())
    })

  program
    .command('down')
    .summary('stop the local stack')
    .description('Stops the services, then the rest, children included. Data stays.')
    .addHelpText('after', downExamples)
    .action(async () => (await import('./stack-steer.ts')).down(homeFolder()))

  program
    .command('reset')
    .summary('delete all data of the local stack')
    .description('Deletes data, logs and passwords of the stopped stack. Downloads stay.')
    .requiredOption('--yes', 'yes, delete it')
    .addHelpText('after', resetExamples)
    .action(async () => (await import('./stack-steer.ts')).resetData(homeFolder()))

  program
    .command('status')
    .summary('show the parts, their state, address and memory')
    .option('--json', 'for programs')
    .addHelpText('after', statusExamples)
    .action(async ({ json }: { json?: true }) => {
      await (await import('./stack-status.ts')).status(homeFolder(), json === true)
    })

  program
    .command('env')
    .summary('print the addresses of all parts, for a shell')
    .description('Prints an export line for each address. They hold passwords.')
    .addHelpText('after', envExamples)
    .action(async () => (await import('./stack-status.ts')).env(homeFolder()))

  for (const action of ['stop', 'start', 'restart'] as const) {
    program
      .command(action)
      .summary(`${action} one part`)
      .argument('<part>', `one of: ${partNames.join(', ')}`, parsePart)
      .addHelpText('after', steerExamples[action])
      .action(async (part: PartName) => (await import('./stack-steer.ts')).steer(homeFolder(), part, action))
  }

  const logs = program
    .command('logs')
    .summary("show the parts' logs")
    .argument('[part]', `one of: ${logNames.join(', ')}; all parts if none is named`, parseLog)
    .option('-f, --follow', 'go on as they grow')
    .option('-n, --lines <number>', 'how many of the last lines', parseLines)
    .addHelpText('after', logsExamples)
    .action(async (part: string | undefined, { follow, lines }: { follow?: true; lines?: number }) => {
      await (await import('./stack-logs.ts')).logs(homeFolder(), { part, follow: follow === true, lines })
    })
  registerLevel(logs)
}

/** One folder for all that the stack keeps; another makes another stack. */
export function homeFolder(): string {
  return resolve(process.env.THEREVIEW_HOME || resolve(import.meta.dirname, '..', '..', '.thereview'))
}

function parsePart(name: string): PartName {
  if (isPartName(name)) return name
  throw new InvalidArgumentError(`There is no part "${name}". The parts: ${partNames.join(', ')}.`)
}

/** Beside the parts, what has a log of its own: the preparation, and the supervisor of a stack in the background. */
const logNames: readonly string[] = [...partNames, 'prepare', 'supervisor']

function parseLog(name: string): string {
  if (logNames.includes(name)) return name
  throw new InvalidArgumentError(`There is no log of "${name}". The logs: ${logNames.join(', ')}.`)
}

function parseLines(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

const upExamples = `
Examples:
  npm start                            the same as "up": Ctrl-C stops everything
  npm run -s thereview -- up -d        in the background; "down" stops it
  API_PORT=9000 npm start              another port for one part
  DATABASE_URL=postgres://… npm start  your own Postgres instead of one of ours;
                                       so do REDIS_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, SMTP_URL,
                                       ZIPKIN_URL and OTEL_EXPORTER_OTLP_ENDPOINT
  THEREVIEW_HOME=/tmp/second npm start a second stack beside the first; set each port below to another one too

Ports (those of Kafka are the first of three in a row):
${portVariables.map(([variable, port]) => `  ${variable.padEnd(36)} ${port}\n`).join('')}`

const downExamples = `
Examples:
  npm run stop                         the same as "down"
  npm run -s thereview -- up -d        starts it again, with its data`

const resetExamples = `
Example:
  npm run stop && npm run -s thereview -- reset --yes`

const statusExamples = `
Examples:
  npm run -s thereview -- status
  npm run -s thereview -- status --json | jq '.parts[] | select(.state != "ready")'`

const envExamples = `
Example:
  eval "$(npm run -s thereview -- env)"
  psql "$DATABASE_URL" -c 'select count(*) from reviews'`

const steerExamples = {
  stop: `
Example: what happens without a broker? It stays stopped until you start it.
  npm run -s thereview -- stop kafka-1`,
  start: `
Example:
  npm run -s thereview -- start kafka-1`,
  restart: `
Example:
  npm run -s thereview -- restart api`,
}

const logsExamples = `
Examples:
  npm run -s thereview -- logs relay -f
  npm run -s thereview -- logs postgres -n 200
  npm run -s thereview -- logs prepare         what migrations, topics and schemas said
  npm run -s thereview -- logs supervisor      what a stack in the background has to say: restarts and warnings`
