/**
 * The local stack: real parts as child processes, supervised.
 *
 * A test or a tool that wants parts of its own, beside any other stack on the machine:
 *
 *     import { infrastructure } from '../../src/launcher/part.ts'
 *     import { startStack } from '../../src/launcher/stack.ts'
 *
 *     const stack = await startStack({ home: '/tmp/some-folder', ports: 'free', parts: infrastructure })
 *     stack.addresses.DATABASE_URL          // and REDIS_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, SMTP_URL, …
 *     stack.part('kafka-2').pid             // for kill -9, SIGSTOP, SIGCONT
 *     await stack.stopPart('postgres')      // stays stopped until
 *     await stack.startPart('postgres')     // which resolves when it is ready again
 *     await stack.stop()                    // everything, children included
 *
 * `parts` may be any of `partNames`; with services among them, the preparation runs as in `npm start`. A part
 * that is killed is started again. Other processes reach the same stack through its home: control-client.ts.
 */
import { resolve } from 'node:path'
import { addressesOf } from './addresses.ts'
import { allParts, downloadsFolder } from './catalogue.ts'
import { refuseFullDisk } from './disk.ts'
import { Downloads } from './downloads.ts'
import { homeAt, makeHome, secretsOf } from './home.ts'
import { Javas } from './java.ts'
import { takeLock } from './lock.ts'
import { endOrphans, orphansOf } from './orphans.ts'
import { type PartName, partNames } from './part.ts'
import type { PartStatus } from './part-status.ts'
import { refuseTakenPorts } from './port-holder.ts'
import { freePorts, portsFrom } from './ports.ts'
import { readRunRecord } from './run-record.ts'
import { RunningStack } from './running-stack.ts'
import { StackError } from './stack-error.ts'

export type StackOptions = {
  home: string
  /** `environment`: by the variables of `ports.ts`, the default. `free`: any that nobody holds. */
  ports?: 'environment' | 'free'
  /** All by default. */
  parts?: readonly PartName[]
  /** Handed on to every part. Addresses in it win over parts of our own. */
  environment?: NodeJS.ProcessEnv
  changed?: (now: PartStatus, before: PartStatus) => void
  /** A sentence about what takes time before the parts start. */
  notice?: (text: string) => void
}

/** Resolves when all parts are ready. If one cannot be started, all are stopped again and it rejects with the reason. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const stack = await openStack(options)
  try {
    await stack.up()
    return stack
  } catch (error) {
    await stack.stop()
    throw error
  }
}

/** Takes the home, ends what a killed run left in it, refuses ports that others hold; starts nothing yet. */
export async function openStack(options: StackOptions): Promise<RunningStack> {
  const { environment = process.env, changed } = options
  const home = homeAt(resolve(options.home))
  await makeHome(home)
  const lock = takeLock(home.lockFile)
  const left = readRunRecord(home.runFile)
  if (!lock) throw new StackError(alreadyRunning(home.folder, left?.supervisor.pid))
  try {
    await refuseFullDisk(home.folder)
    const orphans = orphansOf(left)
    if (orphans.length > 0) {
      options.notice?.(
        `The last run was killed. Ending what it left: ${orphans.map(({ name }) => name).join(', ')}`,
      )
    }
    await endOrphans(orphans)
    const ports = options.ports === 'free' ? await freePorts() : portsFrom(environment)
    const secrets = await secretsOf(home)
    const { variables: addresses, external } = addressesOf(ports, secrets, environment)
    const downloads = await Downloads.in(downloadsFolder, environment)
    const javas = new Javas(environment)
    const wanted = options.parts ?? partNames
    const parts = allParts({ home, ports, secrets, addresses, environment, downloads, javas }).filter(
      ({ name }) => wanted.includes(name) && !external.has(name),
    )
    await refuseTakenPorts(parts)
    const stack = new RunningStack({ home, lock, parts, external, addresses, environment, changed })
    await stack.listen()
    return stack
  } catch (error) {
    lock.release()
    throw error
  }
}

function alreadyRunning(folder: string, pid: number | undefined): string {
  return (
    `The stack in ${folder} is already running${pid === undefined ? '' : ` (process ${pid})`}. ` +
    'See it with "npm run -s thereview -- status", end it with "npm run stop"; ' +
    'for a second one set THEREVIEW_HOME and other ports.'
  )
}
