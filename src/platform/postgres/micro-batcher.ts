import { AppError } from '../errors.ts'
import { isConflict, isLockTimeout, isUnavailable } from './pool.ts'

export interface MicroBatcherOptions<Command, Result> {
  /** Runs the commands in one statement and gives their results in the same order. */
  readonly run: (batch: readonly Command[]) => Promise<readonly Result[]>
  readonly maxBatch: number
  /** How many may wait; whoever comes when so many do is refused. */
  readonly maxWaiting: number
  readonly onBatch?: (size: number, seconds: number) => void
}

interface Waiting<Command, Result> {
  readonly command: Command
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

const conflictAttempts = 5
const nobody = () => undefined

/**
 * Runs many commands, or looks many things up, in one statement. A batch forms only while another is under way: a
 * lone command starts at once, and whatever arrives until it is committed goes together with the next.
 *
 * A command that the database refuses never fails its neighbours: the batch is run again, one by one.
 */
export class MicroBatcher<Command, Result> {
  readonly #options: MicroBatcherOptions<Command, Result>
  #waiting: Waiting<Command, Result>[] = []
  #running = false

  constructor(options: MicroBatcherOptions<Command, Result>) {
    this.#options = options
  }

  /** @throws {AppError} `unavailable` when too many wait already, or when the database is down */
  submit(command: Command): Promise<Result> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new AppError('unavailable', 'retryable', 'too many writes are waiting'))
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.push({ command, resolve, reject })
    if (!this.#running) void this.#work()
    return promise
  }

  async #work(): Promise<void> {
    this.#running = true
    let tell: () => void = nobody
    while (this.#waiting.length > 0) {
      const settled = this.#settle(this.#waiting.splice(0, this.#options.maxBatch))
      // Whoever hears of the last batch has much to do with it, and the database has nothing until the next one is sent.
      setImmediate(tell)
      tell = await settled
    }
    this.#running = false
    tell()
  }

  /** Gives what tells everyone; those that were run one by one are told as they end. */
  async #settle(batch: readonly Waiting<Command, Result>[]): Promise<() => void> {
    try {
      const results = await this.#run(batch.map(({ command }) => command))
      return () => {
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
      }
    } catch (error) {
      if (batch.length === 1 || !mayBeOneCommandsFault(error)) {
        return () => {
          for (const { reject } of batch) reject(error)
        }
      }
      for (const one of batch) (await this.#settle([one]))()
      return nobody
    }
  }

  async #run(commands: readonly Command[]): Promise<readonly Result[]> {
    const started = performance.now()
    for (let attempt = 1; ; attempt += 1) {
      try {
        const results = await this.#options.run(commands)
        this.#options.onBatch?.(commands.length, (performance.now() - started) / 1000)
        return results
      } catch (error) {
        // Whoever waited for a lock so long that it was refused has waited long enough.
        if (!isConflict(error) || isLockTimeout(error) || attempt === conflictAttempts) throw error
      }
    }
  }
}

function mayBeOneCommandsFault(error: unknown): boolean {
  // A lock that is not granted in time may be wanted by one command alone.
  return isLockTimeout(error) || !(isConflict(error) || isUnavailable(error))
}
