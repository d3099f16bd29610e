import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { StackClient } from '../../src/launcher/control-client.ts'
import { homeAt, makeHome } from '../../src/launcher/home.ts'
import { isInfrastructure } from '../../src/launcher/part.ts'
import { freePorts } from '../../src/launcher/ports.ts'
import { reset } from '../../src/launcher/reset.ts'
import { withoutAddresses } from '../../test/support/without-addresses.ts'
import { endWithUs } from '../driver/end-with-us.ts'
import { Inbox } from '../inbox/inbox.ts'

const root = join(import.meta.dirname, '..', '..')
const cli = join(root, 'src', 'cli', 'main.ts')
export const benchHome = homeAt(join(root, '.thereview', 'bench'))

/** The bench's own stack, as `thereview up -d` runs it, with an inbox of the bench's. */
export interface Launched {
  readonly client: StackClient
  readonly addresses: Readonly<Record<string, string>>
  readonly inbox: Inbox
}

/** A stack without any data. One that runs in this home is ended first. */
export async function launchFresh(): Promise<Launched> {
  const client = new StackClient(benchHome)
  await client.down()
  await makeHome(benchHome)
  await reset(benchHome)
  const inbox = await Inbox.start(0)
  try {
    const ports = Object.values(await freePorts()).map(({ variable, base }) => [variable, `${base}`] as const)
    await up({ ...withoutAddresses(process.env), ...Object.fromEntries(ports), SMTP_URL: inbox.url })
    return { client, addresses: await addressesOf(client), inbox }
  } catch (error) {
    await inbox.stop()
    throw error
  }
}

/** The stack that a run with `--stack keep` left, its services started anew, so that they run the code as it is now. */
export async function attachToKept(): Promise<Launched | null> {
  const client = new StackClient(benchHome)
  const report = await client.report()
  if (!report) return null
  const addresses = await addressesOf(client)
  const inbox = await Inbox.start(Number(new URL(addresses.SMTP_URL ?? '').port))
  const services = report.parts.filter(({ name, state }) => !isInfrastructure(name) && state !== 'external')
  await Promise.all(services.map(({ name }) => client.steer(name, 'restart')))
  return { client, addresses, inbox }
}

async function addressesOf(client: StackClient): Promise<Readonly<Record<string, string>>> {
  const addresses = await client.addresses()
  if (!addresses) throw new Error(`No stack runs in ${benchHome.folder}.`)
  return addresses
}

async function up(environment: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runCli(['up', '-d'], environment)
  if (code !== 0) throw new Error(`The bench's stack did not start:\n${output}`)
}

/** `thereview …` for the bench's stack. */
export async function runCli(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...environment, THEREVIEW_HOME: benchHome.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: Number(code), stdout, output: stdout + stderr }
}
