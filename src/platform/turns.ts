import { AppError } from './errors.ts'

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

  /** @throws {AppError} `unavailable` when too many are in line for the same thing */
  async take<T>(thing: string, work: () => Promise<T>): Promise<T> {
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
      await before
      return await work()
    } finally {
      line.length -= 1
      if (line.length === 0) this.#lines.delete(thing)
      leave()
    }
  }
}
