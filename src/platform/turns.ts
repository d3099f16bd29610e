import { AppError } from './errors.ts'
import { within } from './within.ts'

/** How long somebody waits for their turn, and what they are told when it has not come by then. */
export interface Patience {
  readonly milliseconds: number
  readonly late: () => AppError
}

interface Line {
  length: number
  last: Promise<void>
}

/** Lets work on the same thing happen one after another, in the order in which it came. */
export class Turns {
  readonly #lines = new Map<string, Line>()
  readonly #maxLength: number

  constructor({ maxLength }: { maxLength: number }) {
    this.#maxLength = maxLength
  }

  /** @throws {AppError} `unavailable` when too many are in line for the same thing, and what `patience` says */
  async take<T>(thing: string, work: () => Promise<T>, patience?: Patience): Promise<T> {
    const line = this.#lines.get(thing) ?? { length: 0, last: Promise.resolve() }
    if (line.length >= this.#maxLength) {
      throw new AppError('unavailable', 'retryable', 'too many writes of the same thing are waiting')
    }
    const before = line.last
    const { promise, resolve: leave } = Promise.withResolvers<void>()
    line.length += 1
    line.last = promise
    this.#lines.set(thing, line)
    try {
      await (patience ? turnWithin(patience, before) : before)
      return await work()
    } finally {
      line.length -= 1
      if (line.length === 0) this.#lines.delete(thing)
      // Who left without a turn does not bring forward those behind.
      void before.then(leave)
    }
  }
}

async function turnWithin({ milliseconds, late }: Patience, turn: Promise<void>): Promise<void> {
  try {
    await within(milliseconds, turn)
  } catch {
    throw late()
  }
}
