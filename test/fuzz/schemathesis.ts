import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const here = import.meta.dirname
const environment = join(here, '..', '..', '.thereview', 'fuzz', 'venv')
const program = join(environment, 'bin', 'schemathesis')

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Installs Schemathesis for this checkout alone, unless it is there. @throws {Error} with what Python said */
export async function installSchemathesis(): Promise<void> {
  if (existsSync(program)) return
  await succeed('python3', ['-m', 'venv', environment])
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(here, 'requirements.txt'),
  ]
  await succeed(join(environment, 'bin', 'python'), pip)
}

/** Tests an API by its own document. Ends with code 0 only if every check held, and nothing was worth a warning. */
export function runSchemathesis(
  url: string,
  { seconds, token }: { seconds: number; token: string | null },
): Promise<Ended> {
  // So spelt: it takes another spelling for another header, and for one that nobody needs.
  const credentials = token === null ? [] : ['--header', `Authorization: ${token}`]
  return run(program, [
    '--no-color',
    ...['--config-file', join(here, 'schemathesis.toml')],
    ...[
      'run',
      `${url}/openapi.json`,
      '--max-time',
      String(seconds),
      '--generation-database',
      'none',
      ...credentials,
    ],
  ])
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args)
  if (code !== 0)
    throw new Error(`Schemathesis could not be installed: ${command} ${args.join(' ')}\n${output}`)
}

async function run(command: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, output: output + errors }
}
