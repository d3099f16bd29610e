import { rm } from 'node:fs/promises'
import { homeAt, makeHome } from '../../src/launcher/home.ts'
import { clearLeftovers } from '../../src/launcher/orphans.ts'
import { infrastructure } from '../../src/launcher/part.ts'
import type { PartStatus } from '../../src/launcher/part-status.ts'
import { reset } from '../../src/launcher/reset.ts'
import { openStack } from '../../src/launcher/stack.ts'
import { StackError } from '../../src/launcher/stack-error.ts'

/** The variables that tell where the parts are: a file with a stack of its own must not see them. */
export const addressVariables = [
  'DATABASE_URL',
  'REDIS_URL',
  'KAFKA_BROKERS',
  'SCHEMA_REGISTRY_URL',
  'SMTP_URL',
  'MAIL_INBOX_URL',
  'ZIPKIN_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
]

/**
 * Starts the parts that all files share, on free ports and with new data, beside any stack that runs already;
 * stops them when `work` has ended, or at once when the run is interrupted.
 */
export async function withSharedParts(
  home: string,
  signal: AbortSignal,
  work: (addresses: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const say = (line: string) => process.stdout.write(`parts: ${line}\n`)
  await clear(home)
  say('starting Kafka, Postgres, Redis, the schema registry, the mail inbox and Zipkin')
  const stack = await openStack({
    home,
    ports: 'free',
    parts: infrastructure,
    changed: (now, before) => {
      const line = progress(now, before)
      if (line) say(line)
    },
  })
  const interrupt = () => void stack.stop()
  const kill = () => stack.kill()
  signal.addEventListener('abort', interrupt)
  try {
    await stack.up()
    await work(withoutPorts(stack.addresses))
  } finally {
    // A second Ctrl-C does not wait for an orderly end.
    process.once('SIGINT', kill)
    await stack.stop()
    process.off('SIGINT', kill)
    signal.removeEventListener('abort', interrupt)
  }
}

/** The parts alone: ports of services, which nobody runs here, would stand in for defaults that tests rely on. */
function withoutPorts(addresses: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(addresses).filter(([name]) => addressVariables.includes(name)))
}

function progress(now: PartStatus, before: PartStatus): string | undefined {
  if (now.state === 'ready' && before.state !== 'ready') return `${now.name} is ready`
  // A download counts megabytes in its detail: one line says that there is one.
  const detail = now.detail?.split(' ')[0]
  if (detail !== before.detail?.split(' ')[0] && detail === 'downloads') return `${now.name} downloads`
  return now.state === 'failed' && before.state !== 'failed' ? `${now.name} failed: ${now.detail}` : undefined
}

/** Ends what a killed run left in this home, and removes what it wrote. */
export async function clear(folder: string): Promise<void> {
  const home = homeAt(folder)
  await makeHome(home)
  if ((await clearLeftovers(home)) === undefined) {
    throw new StackError(`Another test run of this project uses ${folder}. Wait for its end.`)
  }
  await reset(home)
  await rm(folder, { recursive: true, force: true })
}
