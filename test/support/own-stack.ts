import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePorts } from '../../src/launcher/ports.ts'
import { until } from './until.ts'
import { withoutAddresses } from './without-addresses.ts'

const root = join(import.meta.dirname, '..', '..')

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The whole stack, started by `npm start` as a user starts it, in a home and on ports of its own. */
export class OwnStack {
  readonly home: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #terminal: ChildProcess
  #output = ''

  private constructor(home: string, environment: NodeJS.ProcessEnv) {
    this.home = home
    this.#environment = environment
    // In a group of its own, as a shell puts it, so that Ctrl-C can be meant for all of it.
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    this.#terminal = spawn('npm', ['start'], { cwd: root, env: environment, detached: true, stdio })
    for (const stream of [this.#terminal.stdout, this.#terminal.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
  }

  /** Resolves when the card is printed. `npm test` empties these homes; a run by hand finds what the last one left. */
  static async start(name: string): Promise<OwnStack> {
    const ports = Object.values(await freePorts())
    const home = join(root, '.thereview', 'test', name)
    const stack = new OwnStack(home, {
      ...withoutAddresses(process.env),
      ...Object.fromEntries(ports.map(({ variable, base }) => [variable, `${base}`])),
      THEREVIEW_HOME: home,
    })
    try {
      const isOver = () => stack.#hasEnded() || stack.#output.includes('TheReview is ready')
      await until('the card is printed', isOver, { timeoutMs: 300_000, everyMs: 200 })
      if (stack.#hasEnded()) throw new Error(`npm start ended:\n${stack.#output}`)
      return stack
    } catch (error) {
      await stack.stop()
      throw error
    }
  }

  /** What its terminal shows. */
  get output(): string {
    return this.#output
  }

  /** `npm run -s thereview -- …` in another terminal. */
  async thereview(...args: string[]): Promise<CommandResult> {
    const cli = join(root, 'src', 'cli', 'main.ts')
    const child = spawn(process.execPath, [cli, ...args], { env: this.#environment })
    const [stdout, stderr, [code]] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      once(child, 'close'),
    ])
    return { code, stdout, stderr }
  }

  /** Ctrl-C. Resolves with how many milliseconds it took. */
  async stop(): Promise<number> {
    const begin = performance.now()
    if (!this.#hasEnded() && this.#terminal.pid !== undefined) {
      const ended = once(this.#terminal, 'exit')
      process.kill(-this.#terminal.pid, 'SIGINT')
      await ended
    }
    return performance.now() - begin
  }

  #hasEnded(): boolean {
    return this.#terminal.exitCode !== null || this.#terminal.signalCode !== null
  }
}
