/**
 * Adds to package-lock.json the packages for other platforms that npm left out, because the registry that it asked
 * does not carry them. Without them `npm ci` refuses the lock file everywhere. After `npm install` of anything:
 *
 *     npm run lock:complete
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '..', 'package-lock.json')

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** The optional packages that others name and the lock file does not have, by the path where they belong. */
export function missingFrom({ packages }: Lock): Map<string, { of: LockedPackage; version: string }> {
  const missing = new Map<string, { of: LockedPackage; version: string }>()
  for (const [path, of] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(of.optionalDependencies ?? {})) {
      const places = searchPath(path).map((folder) => `${folder}node_modules/${name}`)
      if (!places.some((place) => place in packages)) missing.set(`node_modules/${name}`, { of, version })
    }
  }
  return missing
}

/** The folders in whose `node_modules` a package looks, its own first. */
function searchPath(path: string): string[] {
  const parents = [...path.matchAll(/(?:^|\/)node_modules\//g)].map(({ index }) => path.slice(0, index))
  return [path, ...parents.toReversed(), ''].map((folder) => (folder === '' ? '' : `${folder}/`))
}

const platformForm = /-(android|darwin|linux|win32)-(arm64|x64)(-musl)?$/

/** The entry that npm would write, but for its checksum, which only the registry could tell. */
function entryOf(name: string, of: LockedPackage, version: string): object {
  const [, os, cpu, musl] = platformForm.exec(name) ?? []
  if (!os || !cpu || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(
      `${name}@${version} is missing from package-lock.json, and its name does not tell its platform`,
    )
  }
  return {
    version,
    cpu: [cpu],
    ...(of.dev && { dev: true }),
    ...(os === 'linux' && { libc: [musl ? 'musl' : 'glibc'] }),
    ...(of.license && { license: of.license }),
    optional: true,
    os: [os],
    ...(of.engines && { engines: of.engines }),
  }
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  for (const [path, { of, version }] of missingFrom(lock)) {
    lock.packages[path] = entryOf(path, of, version)
    process.stdout.write(`added ${path} ${version}\n`)
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
}
