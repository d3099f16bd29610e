import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { StackError } from './stack-error.ts'

export type Java = { file: string; major: number }

/**
 * Finds the first Java that is new enough for a part: JAVA_HOME, then PATH, then the usual folders.
 * The machine's preferred one may be too old for one part and right for another.
 */
export class Javas {
  #environment: Record<string, string | undefined>
  #found: Promise<Java[]> | undefined

  constructor(environment: Record<string, string | undefined>) {
    this.#environment = environment
  }

  async atLeast(major: number, part: string): Promise<Java> {
    this.#found ??= findJavas(this.#environment)
    return chooseJava(await this.#found, major, part)
  }
}

export function chooseJava(found: readonly Java[], major: number, part: string): Java {
  const fitting = found.find((java) => java.major >= major)
  if (fitting) return fitting
  const seen = found.map((java) => `Java ${java.major} (${java.file})`).join(', ')
  throw new StackError(
    `${part} needs Java ${major} or later; ${seen ? `found only ${seen}` : 'found none'}. ` +
      'Install one (Debian and Ubuntu: apt install openjdk-21-jre-headless; macOS: brew install openjdk), ' +
      'or set JAVA_HOME to one that is not on PATH.',
  )
}

/** `java -version` of Java 8 says "1.8.0_412", of later ones "21.0.5", "25" or "26-ea". */
export function majorOf(versionOutput: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(versionOutput)
  return match ? Number(match[1]) : undefined
}

async function findJavas(environment: Record<string, string | undefined>): Promise<Java[]> {
  const files = await candidates(environment)
  const javas = await Promise.all(files.map(inspect))
  return javas.filter((java) => java !== undefined)
}

async function candidates(environment: Record<string, string | undefined>): Promise<string[]> {
  const { JAVA_HOME, PATH, HOME } = environment
  const fromPath = (PATH ?? '').split(delimiter).filter(Boolean)
  const folders = await Promise.all([
    homesIn('/usr/lib/jvm', 'bin'),
    homesIn('/Library/Java/JavaVirtualMachines', 'Contents/Home/bin'),
    homesIn('/opt/homebrew/opt', 'bin', /^openjdk/),
    homesIn('/usr/local/opt', 'bin', /^openjdk/),
    homesIn(join(HOME ?? '', '.sdkman/candidates/java'), 'bin'),
  ])
  const all = [...(JAVA_HOME ? [join(JAVA_HOME, 'bin')] : []), ...fromPath, ...folders.flat()]
  return [...new Set(all.map((folder) => join(folder, 'java')))]
}

/** Newest names first, as far as names tell. */
async function homesIn(folder: string, bin: string, like = /./): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => like.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name, bin))
}

async function inspect(file: string): Promise<Java | undefined> {
  try {
    const { stderr } = await promisify(execFile)(file, ['-version'], { timeout: 10_000 })
    const major = majorOf(stderr)
    return major === undefined ? undefined : { file, major }
  } catch {
    return undefined
  }
}
