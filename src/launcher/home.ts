import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Everything that one stack keeps lives under one folder; several stacks run side by side with several. */
export type Home = {
  folder: string
  data: (part: string) => string
  log: (name: string) => string
  secretsFile: string
  runFile: string
  lockFile: string
  socket: string
}

export function homeAt(folder: string): Home {
  return {
    folder,
    data: (part) => join(folder, 'data', part),
    log: (name) => join(folder, 'logs', `${name}.log`),
    secretsFile: join(folder, 'secrets.json'),
    runFile: join(folder, 'run.json'),
    lockFile: join(folder, 'lock'),
    socket: socketFor(folder),
  }
}

/** Others may pass through (Postgres runs as another user when we are root), but not look around. */
export async function makeHome(home: Home): Promise<void> {
  await mkdir(join(home.folder, 'data'), { recursive: true })
  await mkdir(join(home.folder, 'logs'), { recursive: true })
  await chmod(home.folder, 0o711)
  await chmod(join(home.folder, 'data'), 0o711)
  await chmod(join(home.folder, 'logs'), 0o700)
}

export type Secrets = { postgresPassword: string; redisPassword: string; kafkaClusterId: string }

/** Made at random on the first start, and kept as long as the data that they open. */
export async function secretsOf(home: Home): Promise<Secrets> {
  const kept = await readFile(home.secretsFile, 'utf8').catch(() => undefined)
  if (kept !== undefined) return JSON.parse(kept) as Secrets
  const secrets: Secrets = {
    postgresPassword: randomBytes(24).toString('base64url'),
    redisPassword: randomBytes(24).toString('base64url'),
    kafkaClusterId: randomBytes(16).toString('base64url'),
  }
  await writeFile(home.secretsFile, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}

/** The kernel takes about a hundred bytes for a socket's path, so that of a deep folder lies elsewhere. */
function socketFor(folder: string): string {
  const socket = join(folder, 'control.sock')
  if (Buffer.byteLength(socket) <= 100) return socket
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  return join(tmpdir(), `thereview-${hash}.sock`)
}
