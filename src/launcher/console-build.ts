import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Say } from './part.ts'
import { runToEnd } from './processes.ts'

const folder = join(import.meta.dirname, '..', '..', 'console')
const built = join(folder, 'dist')
/** Of what the build is made of, kept in the build itself. */
const hashFile = '.sources'

/** Builds the console where its sources have changed since it was built. The old one stays until the new is whole. */
export async function buildConsole(say: Say): Promise<void> {
  const hash = await hashOfSources()
  const known = await readFile(join(built, hashFile), 'utf8').catch(() => null)
  if (known === hash) return
  const vite = viteProgram()
  // An installation for production alone brings the console with it, built.
  if (vite === null) return
  say('builds the console')
  // Two stacks of one project may do it at once.
  const fresh = join(folder, `dist.${process.pid}`)
  try {
    await runToEnd({
      file: process.execPath,
      args: [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'],
      cwd: folder,
    })
    await writeFile(join(fresh, hashFile), hash)
    await rm(built, { recursive: true, force: true })
    await rename(fresh, built)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function hashOfSources(): Promise<string> {
  const roots = ['src', 'public']
  const below = await Promise.all(
    roots.map((root) => readdir(join(folder, root), { recursive: true, withFileTypes: true })),
  )
  const files = below
    .flat()
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const own = ['index.html', 'package.json', 'vite.config.ts'].map((name) => join(folder, name))
  const hash = createHash('sha256')
  for (const file of [...own, ...files].sort())
    hash.update(`${file.slice(folder.length)}\n`).update(await readFile(file))
  return hash.digest('hex')
}

function viteProgram(): string | null {
  try {
    const program = fileURLToPath(new URL('../../bin/vite.js', import.meta.resolve('vite')))
    return existsSync(program) ? program : null
  } catch {
    return null
  }
}
