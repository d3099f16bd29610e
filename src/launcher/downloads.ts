import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from './part.ts'
import { StackError } from './stack-error.ts'

/** The profiles of pom.xml. */
export type Download = 'kafka' | 'redis' | 'schema-registry' | 'traces'

const pom = join(import.meta.dirname, 'pom.xml')

/**
 * Files from Maven Central, kept between starts and shared by all stacks of this project: a folder named
 * after the pom's hash holds one folder for each part. A part's folder appears whole or not at all.
 */
export class Downloads {
  #folder: string
  #environment: NodeJS.ProcessEnv
  /** Maven's local repository is not made for two writers, so one part is fetched after the other. */
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder
    this.#environment = environment
  }

  static async in(folder: string, environment: NodeJS.ProcessEnv): Promise<Downloads> {
    const hash = createHash('sha256')
      .update(await readFile(pom))
      .digest('hex')
      .slice(0, 12)
    return new Downloads(join(folder, hash), environment)
  }

  folder(name: Download): string {
    return join(this.#folder, name)
  }

  async have(name: Download, say: Say, signal: AbortSignal): Promise<void> {
    if (await this.#has(name)) return
    say('waits for another download')
    const turn = this.#queue.then(() => this.#fetch(name, say, signal))
    this.#queue = turn.catch(() => undefined)
    await turn
  }

  #has(name: Download): Promise<boolean> {
    return access(this.folder(name)).then(
      () => true,
      () => false,
    )
  }

  async #fetch(name: Download, say: Say, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (await this.#has(name))) return
    const unfinished = `${this.folder(name)}.${randomBytes(4).toString('hex')}`
    await mkdir(unfinished, { recursive: true })
    try {
      await runMaven(
        ['-P', name, `-Dfolder=${unfinished}`, 'process-resources'],
        this.#environment,
        say,
        signal,
      )
      // Another stack may have been faster: its folder is as good.
      await rename(unfinished, this.folder(name)).catch(async (error) => {
        if (!(await this.#has(name))) throw error
      })
    } finally {
      await rm(unfinished, { recursive: true, force: true })
    }
  }
}

function runMaven(args: string[], env: NodeJS.ProcessEnv, say: Say, signal: AbortSignal): Promise<void> {
  say('downloads')
  return new Promise((resolve, reject) => {
    const output: string[] = []
    const maven = spawn('mvn', ['--file', pom, ...args], {
      env,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const read = (chunk: Buffer) => {
      for (const line of chunk.toString().split(/[\r\n]+/)) {
        if (line.trim() !== '') output.push(line.trim())
        const progress = downloadProgress(line)
        if (progress) say(`downloads ${progress}`)
      }
    }
    maven.stdout.on('data', read)
    maven.stderr.on('data', read)
    maven.on('error', (cause) => reject(mavenMissing(cause)))
    maven.on('close', (code) => (code === 0 ? resolve() : reject(downloadFailed(output))))
  })
}

/** Maven tells its progress as `Progress (1): 12/158 MB` and `Downloaded from central: https://… (131 MB at 85 MB/s)`. */
export function downloadProgress(line: string): string | undefined {
  const progress = /Progress \(\d+\): (.+)/.exec(line)?.[1]
  if (progress) return progress.trim()
  const done = /Downloaded from \S+: \S+\/([^/\s]+) \((.+?) at/.exec(line)
  return done ? `${done[1]} (${done[2]})` : undefined
}

function mavenMissing(cause: Error): StackError {
  const missing = 'code' in cause && cause.code === 'ENOENT'
  return new StackError(
    missing
      ? 'Maven is needed for the first start, to download Kafka, Redis, the schema registry and Zipkin, and there is no "mvn" on PATH. ' +
          'Install it (Debian and Ubuntu: apt install maven; macOS: brew install maven), and start again.'
      : `Maven could not be started: ${cause.message}`,
    { cause },
  )
}

/** Maven's first error names the artifact and the reason; the rest of its output is advice about Maven. */
export function downloadFailed(output: readonly string[]): StackError {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Maven colours its output with escape codes.
  const plain = output.map((line) => line.replace(/\x1b\[[0-9;]*m/g, ''))
  if (plain.some((line) => line.includes('No space left on device'))) {
    return new StackError('The disk is full: the downloads need about 500 MB in the project and in ~/.m2.')
  }
  const errors = plain.flatMap((line) => /^\[ERROR\] (.+?)(?: -> \[Help \d+\])?$/.exec(line)?.[1] ?? [])
  const reason = errors[0] ?? plain.slice(-3).join('\n  ')
  return new StackError(
    `Maven could not download from Maven Central:\n  ${reason}\n` +
      'Check the connection (behind a proxy or mirror: ~/.m2/settings.xml), and start again: what is complete stays.',
  )
}
