import { performance } from 'node:perf_hooks'
import { styleText } from 'node:util'

const width = 30
const redrawMs = 100

/** One line that fills up, on a terminal; silent where nobody watches. */
export class ProgressBar {
  #stream: NodeJS.WriteStream
  #drawnAt = Number.NEGATIVE_INFINITY
  #isOpen = false

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  show(what: string, done: number, total: number): void {
    const now = performance.now()
    if (!this.#stream.isTTY || (now - this.#drawnAt < redrawMs && done < total)) return
    this.#drawnAt = now
    this.#isOpen = true
    const filled = total === 0 ? width : Math.floor((width * done) / total)
    const bar = styleText('green', '━'.repeat(filled)) + styleText('dim', '━'.repeat(width - filled))
    this.#stream.write(`\r${bar} ${what} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}\x1b[K`)
  }

  /** Leaves an empty line for what comes next. */
  end(): void {
    if (this.#isOpen) this.#stream.write('\r\x1b[K')
    this.#isOpen = false
  }
}
