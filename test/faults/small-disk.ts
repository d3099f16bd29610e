import { spawnSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rename, rm, rmdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runToEnd } from '../../src/launcher/processes.ts'

const roomBytes = 64 * 1024 * 1024
const chunk = Buffer.alloc(64 * 1024)

/** Why no file system can be mounted here; undefined where one can. */
export async function cannotMount(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mount-'))
  try {
    await mountAt(folder)
    await unmount(folder)
    return undefined
  } catch {
    return 'it mounts a small file system, which only root may on Linux, and not in every container'
  } finally {
    await rmdir(folder)
  }
}

/** A file system of its own in the place of a folder: what was there, and 64 MiB more. */
export class SmallDisk {
  readonly #folder: string
  readonly #filler: string
  // Whoever ends this process in the middle of it leaves no mount behind.
  readonly #atExit = () => spawnSync('umount', ['--lazy', this.#folder])

  private constructor(folder: string) {
    this.#folder = folder
    this.#filler = join(folder, 'filler')
  }

  /** Nobody may use the folder meanwhile. */
  static async inPlaceOf(folder: string): Promise<SmallDisk> {
    await rename(folder, aside(folder))
    await mkdir(folder)
    await mountAt(folder)
    const disk = new SmallDisk(folder)
    process.once('exit', disk.#atExit)
    await copy(aside(folder), folder)
    const { blocks, bfree, bsize } = await statfs(folder)
    await mountAt(folder, `remount,size=${(blocks - bfree) * bsize + roomBytes}`)
    return disk
  }

  /** Takes all room that is left. */
  async fill(): Promise<void> {
    for (;;) {
      try {
        await appendFile(this.#filler, chunk)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return
        throw error
      }
    }
  }

  async free(): Promise<void> {
    await rm(this.#filler, { force: true })
  }

  /** Puts what it holds back where the folder was. Nobody may use it meanwhile. */
  async remove(): Promise<void> {
    await this.free()
    const place = aside(this.#folder)
    await rm(place, { recursive: true })
    await mkdir(place)
    await copy(this.#folder, place)
    await unmount(this.#folder)
    process.off('exit', this.#atExit)
    await rmdir(this.#folder)
    await rename(place, this.#folder)
  }
}

function aside(folder: string): string {
  return `${folder}.aside`
}

/** Holes stay holes: Kafka's indexes are 10 MiB long, and nearly empty. */
async function copy(from: string, to: string): Promise<void> {
  await runToEnd({ file: 'cp', args: ['--archive', '--sparse=always', `${from}/.`, to] })
}

async function mountAt(folder: string, options = 'size=4g'): Promise<void> {
  await runToEnd({ file: 'mount', args: ['-t', 'tmpfs', '-o', options, 'tmpfs', folder] })
}

async function unmount(folder: string): Promise<void> {
  await runToEnd({ file: 'umount', args: [folder] })
}
