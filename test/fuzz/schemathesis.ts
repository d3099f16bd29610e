import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const here = import.meta.dirname
// What it installs and remembers stays out of the sources.
const home = join(here, '..', '..', '.thereview', 'fuzz')
const requirements = join(here, 'requirements.txt')
const edition = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
const environment = join(home, `venv-${edition}`)
const program = join(environment, 'bin', 'schemathesis')

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Installs Schemathesis for this checkout alone, unless it is there. @throws {Error} with what Python said */
export async function installSchemathesis(): Promise<void> {
  if (existsSync(program)) return
  await succeed('python3', ['-m', 'venv', environment])
  const quietly = ['--quiet', '--disable-pip-version-check']
  await succeed(join(environment, 'bin', 'pip'), ['install', ...quietly, '-r', requirements])
}

/** Tests an API by its own document. Ends with code 0 only if every check held, and nothing was worth a warning. */
export function runSchemathesis(
  url: string,
  { seconds, token }: { seconds: number; token: string | null },
): Promise<Ended> {
  // So spelt: it takes another spelling for another header, and for one that nobody needs.
  const credentials = token === null ? [] : ['--header', `Authorization: ${token}`]
  const general = ['--no-color', '--config-file', join(here, 'schemathesis.toml')]
  const limits = ['--max-time', String(seconds), '--generation-database', 'none']
  return run(program, [...general, 'run', `${url}/openapi.json`, ...limits, ...credentials])
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args)
  if (code !== 0)
    throw new Error(`Schemathesis could not be installed: ${command} ${args.join(' ')}\n${output}`)
}

async function run(command: string, args: readonly string[]): Promise<Ended> {
  await mkdir(home, { recursive: true })
  const env = { ...process.env, SCHEMATHESIS_HOOKS: join(here, 'hooks.py'), PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(command, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  // A request that it made up may have 100 KB.
  return { code, output: (output + errors).replaceAll(/(.{600}).+/g, '$1…') }
}
