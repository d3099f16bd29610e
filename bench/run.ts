import type { Bench } from './bench.ts'
import type { SectionResult } from './figure.ts'
import type { Flags } from './flags.ts'
import { limitsOf } from './limits/limits.ts'
import { runEndToEnd } from './load/end-to-end.ts'
import type { Compare } from './report/compare.ts'
import type { Report } from './report/report.ts'
import { judge } from './report/targets.ts'
import { machineText, sectionText, settingsText, verdictsText } from './report/terminal.ts'
import { sections } from './sections/sections.ts'
import { fullSizes, million, quickSizes } from './sizes.ts'
import { attachToKept, launchFresh } from './stack/launch.ts'
import { describeMachine } from './stack/machine.ts'
import { readSettings } from './stack/settings-in-force.ts'
import { Target } from './stack/target.ts'

export interface RunOptions {
  readonly flags: Flags
  readonly compare: Compare
  readonly print: (text: string) => void
  /** A line that passes. */
  readonly say: (text: string) => void
}

/** One run of the bench, on a stack that it starts and stops. */
export class BenchRun {
  readonly #options: RunOptions
  #target: Target | null = null

  constructor(options: RunOptions) {
    this.#options = options
  }

  async run(): Promise<Report> {
    const { flags, compare, print, say } = this.#options
    const beganAt = new Date()
    const machine = describeMachine()
    await this.#start()
    const settings = await readSettings(this.#running.pool, this.#running.admin)
    print(machineText(machine) + settingsText(settings))

    const bench = this.#bench()
    const results: SectionResult[] = []
    for (const { letter, title, run } of sections.filter(({ letter }) => flags.only.includes(letter))) {
      const rows = await run(bench((text) => say(`(${letter}) ${text} …`)))
      const result = { letter, title, rows }
      results.push(result)
      print(sectionText(result, compare))
    }
    const targets = judge(results)
    print(verdictsText(targets))
    const seconds = Math.round((Date.now() - beganAt.getTime()) / 1_000)
    const began_at = beganAt.toISOString()
    return { began_at, seconds, quick: flags.quick, machine, settings, sections: results, targets }
  }

  /** Lets go of the stack, whatever is under way. */
  async stop(): Promise<void> {
    const target = this.#target
    this.#target = null
    await target?.close({ keep: this.#options.flags.keep })
  }

  get #running(): Target {
    if (!this.#target) throw new Error('the stack is not running')
    return this.#target
  }

  #bench(): (say: Bench['say']) => Bench {
    const { flags } = this.#options
    const sizes = flags.quick ? quickSizes : fullSizes
    const growth = flags.million ? [...sizes.growth, million] : sizes.growth
    const limits = limitsOf(() => this.#running, sizes)
    const startAnew = async () => {
      await this.#running.close({ keep: false })
      await this.#start()
    }
    const running = () => this.#running
    return (say) => ({
      sizes: { ...sizes, growth },
      limits,
      startAnew,
      say,
      // Another one once the stack was started anew.
      get target() {
        return running()
      },
    })
  }

  async #start(): Promise<void> {
    const { flags, say } = this.#options
    const kept = flags.keep ? await attachToKept() : null
    if (!kept) say('starting a stack of its own …')
    this.#target = new Target(kept ?? (await launchFresh()))
    say('warming up …')
    const sizes = flags.quick ? quickSizes : fullSizes
    await runEndToEnd(this.#running, { reviews: sizes.warmUpReviews })
  }
}
