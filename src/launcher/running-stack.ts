import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { serveControl } from './control-server.ts'
import type { Home } from './home.ts'
import type { Lock } from './lock.ts'
import { rotate, tailOf } from './log-files.ts'
import { foundations, isInfrastructure, type Part, type PartName, partNames } from './part.ts'
import type { PartStatus } from './part-status.ts'
import { prepare } from './preparation.ts'
import { identityOf, memoryOf } from './processes.ts'
import { reportOf } from './report.ts'
import { type ProcessRecord, type RunRecord, removeRunRecord, writeRunRecord } from './run-record.ts'
import { StackError } from './stack-error.ts'
import { StoppedByHand, SupervisedPart } from './supervised-part.ts'

type Options = {
  home: Home
  lock: Lock
  parts: readonly Part[]
  external: ReadonlyMap<PartName, string>
  addresses: Record<string, string>
  environment: NodeJS.ProcessEnv
  changed: ((now: PartStatus, before: PartStatus) => void) | undefined
}

/** The parts of one home and their order: infrastructure, preparation, services; down the other way. */
export class RunningStack {
  readonly home: Home
  readonly addresses: Readonly<Record<string, string>>
  #options: Options
  #parts: Map<PartName, SupervisedPart>
  #infrastructure: SupervisedPart[]
  #services: SupervisedPart[]
  #control: Server | undefined
  #startedAt = new Date()
  #stopping = new AbortController()
  #stopped: Promise<void> | undefined
  #closed = Promise.withResolvers<void>()

  constructor(options: Options) {
    this.#options = options
    this.home = options.home
    this.addresses = options.addresses
    const context = {
      home: options.home,
      environment: options.environment,
      isUp: (name: PartName) => options.external.has(name) || this.#parts.get(name)?.status.pid !== undefined,
      changed: (now: PartStatus, before: PartStatus) => {
        if (now.pid !== before.pid) this.#noteProcess(now.pid)
        options.changed?.(now, before)
      },
    }
    const supervised = options.parts.map((part) => new SupervisedPart(part, context))
    this.#parts = new Map(supervised.map((part) => [part.part.name, part]))
    this.#infrastructure = supervised.filter(({ part }) => isInfrastructure(part.name))
    this.#services = supervised.filter(({ part }) => !isInfrastructure(part.name))
  }

  /** From here on other processes can ask and steer. */
  async listen(): Promise<void> {
    for (const { name } of this.#options.parts) rotate(this.home.log(name))
    this.#control = await serveControl(this.home.socket, {
      report: () => reportOf(this.status(), memoryOf),
      addresses: () => ({ ...this.addresses }),
      stopPart: (name) => this.stopPart(name),
      startPart: (name) => this.startPart(name),
      restartPart: (name) => this.restartPart(name),
      down: () => this.stop(),
    })
    this.#writeRecord()
  }

  /** Resolves when every part is ready. Rejects with the first that cannot be started; the others go on. */
  async up(): Promise<void> {
    await Promise.all([...this.#infrastructure.map((part) => this.#startFirst(part)), this.#startServices()])
  }

  async #startServices(): Promise<void> {
    if (this.#services.length === 0) return
    const needed = this.#infrastructure.filter(({ part }) => foundations.includes(part.name))
    const missing = new Set(needed.map(({ part }) => part.name))
    const say = (what: string) => {
      for (const service of this.#services) service.waitFor(`waits for ${what}`)
    }
    say([...missing].join(', '))
    await Promise.all(
      needed.map(async (part) => {
        await this.#startFirst(part)
        await this.#readyAgain(part)
        missing.delete(part.part.name)
        say([...missing].join(', '))
      }),
    )
    say('database, topics and schemas')
    const environment = { ...this.#options.environment, ...this.addresses }
    await prepare(environment, this.home.log('prepare'), this.#stopping.signal)
    await Promise.all(this.#services.map((part) => this.#startFirst(part)))
  }

  /** With everything else; what was stopped by hand meanwhile stays stopped. */
  async #startFirst(part: SupervisedPart): Promise<void> {
    this.#refuseWhileStopping()
    if (part.isHeld) return
    try {
      await part.start()
    } catch (cause) {
      if (cause instanceof StoppedByHand && !this.isStopping) return
      if (cause instanceof StackError || this.#stopping.signal.aborted) throw cause
      const { name } = part.part
      const reason = cause instanceof Error ? cause.message : String(cause)
      const log = this.home.log(name)
      throw new StackError(`${name} cannot be started: ${reason}. The end of ${log}:\n${tailOf(log, 8)}`, {
        cause,
      })
    }
  }

  /** Of a part that somebody has stopped or restarted while others wait for it. */
  async #readyAgain(part: SupervisedPart): Promise<void> {
    while (part.status.state !== 'ready') {
      this.#refuseWhileStopping()
      await sleep(100)
    }
  }

  /** In the order of `partNames`, external ones included. */
  status(): PartStatus[] {
    return partNames.flatMap((name) => {
      const status = this.#parts.get(name)?.status ?? this.#externalStatus(name)
      return status ? [status] : []
    })
  }

  part(name: PartName): PartStatus {
    return this.#own(name).status
  }

  /** It stays stopped until it is started. */
  async stopPart(name: PartName): Promise<void> {
    await this.#own(name).stop()
  }

  /**
   * Resolves when it is ready, or, with the reason, when it runs and cannot be ready yet for want of others: the
   * first broker of three has no quorum.
   */
  async startPart(name: PartName): Promise<string | undefined> {
    this.#refuseWhileStopping()
    const part = this.#own(name)
    const answered = new AbortController()
    try {
      return await Promise.race([part.start().then(() => undefined), part.heldUp(answered.signal)])
    } finally {
      answered.abort()
    }
  }

  async restartPart(name: PartName): Promise<string | undefined> {
    await this.stopPart(name)
    return this.startPart(name)
  }

  /** Services first, which then finish what they have in hand, and the infrastructure after them. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Aborted when a stop begins, whoever asked for it. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  /** Resolves when it has been stopped, by whomever. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** At once, for those who do not want to wait. */
  kill(): void {
    for (const part of this.#parts.values()) part.kill()
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#services.map((part) => part.stop()))
    await Promise.all(this.#infrastructure.map((part) => part.stop()))
    removeRunRecord(this.home.runFile)
    this.#control?.close()
    this.#options.lock.release()
    this.#closed.resolve()
  }

  /** What starts after the stop has begun would outlive it. */
  #refuseWhileStopping(): void {
    if (this.isStopping) throw new StackError('The stack is stopping.')
  }

  #own(name: PartName): SupervisedPart {
    const part = this.#parts.get(name)
    if (part) return part
    const url = this.#options.external.get(name)
    throw new StackError(
      url === undefined
        ? `${name} is not part of this stack.`
        : `${name} is not ours to steer: ${url} was given.`,
    )
  }

  #externalStatus(name: PartName): PartStatus | undefined {
    const url = this.#options.external.get(name)
    if (url === undefined) return undefined
    const nothing = { detail: undefined, pid: undefined, port: undefined, startedAt: undefined, restarts: 0 }
    return { name, state: 'external', url, ...nothing }
  }

  #noteProcess(pid: number | undefined): void {
    try {
      this.#writeRecord()
    } catch (error) {
      // One that has ended and is still on record does no harm: whoever reads it looks whether it lives.
      if (pid !== undefined) throw error
    }
  }

  #writeRecord(): void {
    const processes: RunRecord['processes'] = {}
    for (const [name, { part, status }] of this.#parts) {
      const record = recordOf(status.pid)
      if (record) processes[name] = { ...record, signal: part.stop.signal }
    }
    const supervisor = recordOf(process.pid) ?? { pid: process.pid, identity: '' }
    writeRunRecord(this.home.runFile, { supervisor, startedAt: this.#startedAt.toISOString(), processes })
  }
}

function recordOf(pid: number | undefined): ProcessRecord | undefined {
  if (pid === undefined) return undefined
  const identity = identityOf(pid)
  return identity === undefined ? undefined : { pid, identity }
}
