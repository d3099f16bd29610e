import { once } from 'node:events'
import { relative } from 'node:path'
import type { Writable } from 'node:stream'
import type { TestEvent } from 'node:test/reporters'
import { spec as SpecReporter } from 'node:test/reporters'

export interface Totals {
  tests: number
  suites: number
  pass: number
  fail: number
  cancelled: number
  skipped: number
  todo: number
}

/**
 * Shows several runs of node's test runner as one: each file's tests as they end, then every failure in full, and
 * one total.
 */
export class Report {
  readonly totals: Totals = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 }
  #spec = new SpecReporter()
  #output: Writable
  #root: string
  #file: string | undefined

  constructor(output: Writable, root: string) {
    this.#output = output
    this.#root = root
    this.#spec.pipe(output, { end: false })
  }

  async show(events: AsyncIterable<TestEvent>): Promise<void> {
    for await (const event of events) {
      if (isOfOneRun(event)) this.#count(event)
      else {
        await this.#announceFile(event)
        if (!this.#spec.write(event)) await once(this.#spec, 'drain')
      }
    }
  }

  /** The failures, in full. Nothing is shown after it. */
  async end(): Promise<void> {
    this.#spec.end()
    await once(this.#spec, 'end')
  }

  #count(event: TestEvent): void {
    if (event.type !== 'test:summary') return
    const { tests, suites, passed, cancelled, skipped, todo } = event.data.counts
    const failed = tests - passed - cancelled - skipped - todo
    this.totals.tests += tests
    this.totals.suites += suites
    this.totals.pass += passed
    this.totals.fail += failed
    this.totals.cancelled += cancelled
    this.totals.skipped += skipped
    this.totals.todo += todo
  }

  async #announceFile(event: TestEvent): Promise<void> {
    if (event.type !== 'test:start' || event.data.nesting !== 0 || event.data.file === this.#file) return
    this.#file = event.data.file
    if (this.#file) this.#output.write(`\n${relative(this.#root, this.#file)}\n`)
  }
}

/** The runner's own totals, which stand for one of several runs here. */
function isOfOneRun(event: TestEvent): boolean {
  if (event.type === 'test:summary') return event.data.file === undefined
  const ofTheRun =
    event.type === 'test:diagnostic' && event.data.nesting === 0 && event.data.file === undefined
  return ofTheRun && /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(event.data.message)
}

/** The lines with which node's test runner ends. */
export function closingLines(totals: Totals, milliseconds: number): string {
  return [...Object.entries(totals), ['duration_ms', Math.round(milliseconds)]]
    .map(([name, value]) => `ℹ ${name} ${value}\n`)
    .join('')
}
