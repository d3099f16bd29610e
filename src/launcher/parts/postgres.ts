import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Part, Port, Say } from '../part.ts'
import { commandLineOf, runToEnd } from '../processes.ts'
import { type Place, placeForPostgres } from './postgres-place.ts'

const user = 'thereview'
const database = 'thereview'

type Options = { port: Port; password: string; dataFolder: string }

export function postgresUrl(port: number, password: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
}

export function postgresPart(options: Options): Part {
  const { port, password } = options
  let place: Place
  return {
    name: 'postgres',
    ports: [port],
    url: `postgres://127.0.0.1:${port.number}/${database}`,
    prepare: async (say) => {
      place = await placeForPostgres(options.dataFolder, say)
      await prepareData(place, password, say)
    },
    command: () => ({
      file: join(place.binaries, 'postgres'),
      args: ['-D', place.data, ...settings(port.number).flatMap((setting) => ['-c', setting])],
      cwd: '/',
      ...place.owner,
    }),
    isReady: () => accepts(port.number, password),
    // SIGINT is the fast shutdown: it does not wait for clients.
    stop: { signal: 'SIGINT', deadlineMs: 5_000 },
  }
}

/** For a small machine; what durability rests on (fsync, synchronous_commit) stays as Postgres has it. */
export function settings(port: number): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    // What was laid out once is used again, also after a quiet time.
    'min_wal_size=1GB',
    'max_wal_size=1GB',
    'checkpoint_timeout=15min',
    'timezone=UTC',
    'log_timezone=UTC',
    'lc_messages=C',
  ]
}

async function prepareData(place: Place, password: string, say: Say): Promise<void> {
  await removeStalePidFile(place.data)
  if (await stat(join(place.data, 'PG_VERSION')).catch(() => undefined)) return
  say('creates its data folder')
  const unfinished = `${place.data}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await rm(place.data, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  const passwordFile = `${unfinished}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (place.owner) {
    await chown(unfinished, place.owner.uid, place.owner.gid)
    await chown(passwordFile, place.owner.uid, place.owner.gid)
  }
  try {
    await runToEnd({
      file: join(place.binaries, 'initdb'),
      args: [
        ...['--pgdata', unfinished, '--username', user, '--pwfile', passwordFile],
        ...[
          '--auth',
          'scram-sha-256',
          '--encoding',
          'UTF8',
          '--locale',
          'C.UTF-8',
          '--locale-provider',
          'builtin',
        ],
      ],
      cwd: '/',
      ...place.owner,
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await chmod(unfinished, 0o700)
  await rename(unfinished, place.data)
}

/**
 * A killed Postgres leaves its pid behind. If another process has that id now, Postgres would take it for
 * itself and refuse to start, so the file goes unless a Postgres with this very folder holds it.
 */
async function removeStalePidFile(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  const commandLine = commandLineOf(pid)
  if (!commandLine?.includes(data)) await rm(file, { force: true })
}

/** True when it answers a query; the first time, the database is created on the way. */
async function accepts(port: number, password: string): Promise<boolean> {
  try {
    await query(postgresUrl(port, password), 'select 1')
    return true
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === '3D000'
    if (!missing) throw error
    const maintenance = new URL(postgresUrl(port, password))
    maintenance.pathname = '/postgres'
    await layOutLog(maintenance.href)
    await query(maintenance.href, `create database ${database}`)
    return true
  }
}

/**
 * Lays out 512 MB of the write-ahead log, which takes a second. Postgres would do it 16 MB at a time while commits
 * wait, up to 65 ms: at 2,000 reviews a second every third second, until it had all that it keeps.
 */
async function layOutLog(connectionString: string): Promise<void> {
  const segments = 32
  // What holds nothing cannot be switched from.
  const fill = `select pg_logical_emit_message(false, 'lay out', ''), pg_switch_wal() from generate_series(1, ${segments})`
  await query(connectionString, fill)
  await query(connectionString, 'checkpoint')
}

async function query(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end()
  }
}
