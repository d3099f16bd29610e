import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from './home.ts'
import { nicenessOf } from './niceness.ts'
import type { Part, PartName } from './part.ts'
import type { PartStatus } from './part-status.ts'
import { refuseTakenPorts } from './port-holder.ts'
import { endGroup, signalGroup, start } from './processes.ts'
import { delayAfter, isSpent, settledAfterMs } from './restarts.ts'
import { StackError } from './stack-error.ts'

export type PartContext = {
  home: Home
  environment: NodeJS.ProcessEnv
  isUp: (name: PartName) => boolean
  /** Called after every change, with the status before and after it. */
  changed: (now: PartStatus, before: PartStatus) => void
}

/** Why a start did not come to its end: somebody wanted the part stopped. */
export class StoppedByHand extends Error {
  override name = 'StoppedByHand'
}

type Waiter = { resolve: () => void; reject: (reason: Error) => void }

/** One part's life: started, watched, started again when it dies, until it is stopped by hand. */
export class SupervisedPart {
  readonly part: Part
  #context: PartContext
  #status: PartStatus
  #child: ChildProcess | undefined
  #isWanted = false
  #isHeld = false
  #hasBeenReady = false
  /** Ends what a stop must not wait for: downloads, pauses, questions whether it is ready. */
  #interrupt = new AbortController()
  /** Ends a pause before the next try. */
  #hurry = new AbortController()
  #supervision: Promise<void> = Promise.resolve()
  #stopping: Promise<void> | undefined
  #waiters: Waiter[] = []

  constructor(part: Part, context: PartContext) {
    this.part = part
    this.#context = context
    this.#status = {
      name: part.name,
      state: 'stopped',
      detail: undefined,
      pid: undefined,
      port: part.ports[0]?.number,
      url: part.url,
      startedAt: undefined,
      restarts: 0,
    }
  }

  get status(): PartStatus {
    return this.#status
  }

  /** What a part without its needs does: it waits. */
  waitFor(detail: string): void {
    if (!this.#isHeld) this.#change({ state: 'starting', detail })
  }

  /** It was stopped, and nobody has started it since. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /**
   * Resolves once it is ready. Rejects when it has failed too often, and goes on trying; rejects with
   * `StoppedByHand` when it is stopped meanwhile.
   */
  async start(): Promise<void> {
    this.#isHeld = false
    await this.#stopping
    if (this.#isHeld) throw this.#stoppedByHand()
    if (this.#status.state === 'ready') return
    const ready = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }))
    this.#hurry.abort()
    if (!this.#isWanted) {
      this.#isWanted = true
      this.#interrupt = new AbortController()
      this.#change({ state: 'starting', detail: 'starts' })
      this.#supervision = this.#supervise()
    }
    await ready
  }

  /** Resolves with the reason once it runs and waits for others. */
  async heldUp(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      const reason = this.#status.pid === undefined ? undefined : this.part.waitsFor?.(this.#context.isUp)
      if (reason !== undefined) return reason
      await sleep(100)
    }
    return undefined
  }

  /** Ends its process and all that it started, by force once its deadline has passed. */
  stop(): Promise<void> {
    this.#isHeld = true
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined
    })
    return this.#stopping
  }

  /** For those who do not want to wait for the deadline. */
  kill(): void {
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL')
  }

  async #stop(): Promise<void> {
    this.#isWanted = false
    this.#interrupt.abort()
    const { signal, deadlineMs } = this.part.stop
    const pid = this.#child?.pid
    if (pid !== undefined) this.#change({ detail: 'stops' })
    if (pid !== undefined) await endGroup(pid, signal, deadlineMs)
    await this.#supervision
    this.#change({ state: 'stopped', detail: undefined })
    this.#settle((waiter) => waiter.reject(this.#stoppedByHand()))
  }

  #stoppedByHand(): StoppedByHand {
    return new StoppedByHand(`${this.part.name} was stopped`)
  }

  async #supervise(): Promise<void> {
    let failures = 0
    while (this.#isWanted) {
      const startedAt = Date.now()
      const failure = await this.#runOnce().catch((error: Error) => error)
      this.#child = undefined
      if (!this.#isWanted) break

      const wasReady = this.#status.state === 'ready'
      failures = wasReady && Date.now() - startedAt > settledAfterMs ? 1 : failures + 1
      this.#hasBeenReady ||= wasReady
      // What its reader must mend does not get better by trying.
      const isHopeless = isSpent(failures) || (failure instanceof StackError && !this.#hasBeenReady)
      this.#change({
        state: isHopeless ? 'failed' : 'starting',
        detail: `${failure.message}; next try in ${delayAfter(failures) / 1_000} s`,
        restarts: this.#status.restarts + 1,
      })
      if (isHopeless) this.#settle((waiter) => waiter.reject(failure))
      await this.#pause(delayAfter(failures))
    }
    this.#change({ pid: undefined, startedAt: undefined })
  }

  /** One process, from the preparation to its end. The result says how it ended. */
  async #runOnce(): Promise<Error> {
    const { part } = this
    const { signal } = this.#interrupt
    await part.prepare?.((detail) => this.#change({ detail }), signal)
    await refuseTakenPorts([part])
    if (signal.aborted) return new Error('was stopped')

    const { environment, home } = this.#context
    const niceness = nicenessOf(part.name)
    const child = start(part.command(), { environment, logFile: home.log(part.name), niceness })
    const ended = endOf(child)
    this.#child = child
    try {
      this.#change({ pid: child.pid, startedAt: new Date(), detail: 'starts' })
    } catch (error) {
      // What cannot be written down, on a full disk, would be nobody's: found by no later start, and ended by none.
      if (child.pid !== undefined) await endGroup(child.pid, part.stop.signal, part.stop.deadlineMs)
      this.#change({ pid: undefined, startedAt: undefined })
      throw error
    }
    const isReady = await Promise.race([this.#becomesReady(child, signal), ended.then(() => false)])
    if (isReady) {
      this.#change({ state: 'ready', detail: undefined })
      this.#settle((waiter) => waiter.resolve())
    }
    const end = await ended
    // Whatever it leaves behind holds its ports and files.
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
    this.#change({ pid: undefined, startedAt: undefined })
    return end
  }

  async #becomesReady(child: ChildProcess, signal: AbortSignal): Promise<boolean> {
    const begun = performance.now()
    while (!signal.aborted && child.exitCode === null && child.signalCode === null) {
      if (await this.part.isReady().catch(() => false)) return true
      const isLate = performance.now() - begun > lateMs
      const detail = this.part.waitsFor?.(this.#context.isUp) ?? (isLate ? this.#lateness() : 'starts')
      if (detail !== this.#status.detail) this.#change({ detail })
      await sleep(100, undefined, { signal }).catch(() => undefined)
    }
    return false
  }

  #lateness(): string {
    const { name, url } = this.part
    return `runs, and does not answer yet${url ? ` at ${url}` : ''}: see ${this.#context.home.log(name)}`
  }

  async #pause(ms: number): Promise<void> {
    this.#hurry = new AbortController()
    const signal = AbortSignal.any([this.#interrupt.signal, this.#hurry.signal])
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  }

  #change(change: Partial<PartStatus>): void {
    const before = this.#status
    this.#status = { ...before, ...change }
    this.#context.changed(this.#status, before)
  }

  #settle(answer: (waiter: Waiter) => void): void {
    for (const waiter of this.#waiters.splice(0)) answer(waiter)
  }
}

/** Parts need seconds to start, on a busy machine some tens. */
const lateMs = 45_000

function endOf(child: ChildProcess): Promise<Error> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error))
    child.once('exit', (code, signal) => {
      resolve(new Error(signal ? `was ended by ${signal}` : `ended with exit code ${code}`))
    })
  })
}
