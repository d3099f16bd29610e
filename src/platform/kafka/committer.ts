import type { Logger } from '../telemetry/logger.ts'
import { within } from '../within.ts'
import type { AssignedPartition } from './assigned-partition.ts'
import type { GroupOffsets, Member } from './group-offsets.ts'
import { Trouble } from './trouble.ts'

export interface CommitterOptions {
  readonly offsets: GroupOffsets
  readonly member: () => Member
  readonly partitions: () => Iterable<AssignedPartition>
  readonly log: Logger
}

/** Effects absorb repeats, so offsets need not be committed with each batch, only often. */
const everyMs = 200
const attemptMs = 2_000
const betweenAttemptsMs = 100

/** Commits what is dealt with, one commit at a time, and never what is not. */
export class Committer {
  readonly #options: CommitterOptions
  readonly #trouble: Trouble
  #timer: NodeJS.Timeout | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#trouble = new Trouble(options.log, 'the commit of offsets')
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#commit(this.#options.partitions()).then((committed) => {
        if (!committed) this.schedule()
      })
    }, everyMs)
  }

  /** Tries until everything of these partitions that is dealt with is committed, or time is up. */
  async flush(partitions: Iterable<AssignedPartition>, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs
    const own = [...partitions]
    while (!(await this.#commit(own)) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, betweenAttemptsMs))
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #commit(partitions: Iterable<AssignedPartition>): Promise<boolean> {
    const turn = this.#last.then(() => this.#commitNow(partitions))
    this.#last = turn
    return turn
  }

  async #commitNow(partitions: Iterable<AssignedPartition>): Promise<boolean> {
    const due = [...partitions].filter(({ gone, done, committed }) => !gone && done !== committed)
    if (due.length === 0) return true
    const offsets = due.map(({ done }) => done)
    try {
      await within(attemptMs, this.#options.offsets.commit(due, this.#options.member()))
    } catch (error) {
      this.#trouble.met(error)
      return false
    }
    this.#trouble.over()
    for (const [i, partition] of due.entries()) partition.committed = offsets[i] ?? null
    return true
  }
}
