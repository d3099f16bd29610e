import { setTimeout as pause } from 'node:timers/promises'
import { listAudit } from '../../platform/audit/audit.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import { type Logger, moduleLog } from '../../platform/telemetry/logger.ts'
import type { Change, Overview } from '../contract/overview.ts'
import { changesBetween } from './changes.ts'
import type { Facts } from './facts.ts'
import { History } from './history.ts'
import { overviewOf } from './overview.ts'

export interface PipelineWatchOptions {
  readonly gather: () => Promise<Facts>
  /** For what people did. */
  readonly db: Queryable
  readonly log: Logger
}

/** How often is looked while somebody watches, and while nobody does: then only the charts want to go on. */
const watchedMs = 2_000
const unwatchedMs = 10_000
const keptChanges = 200
const shownChanges = 30

/** Looks at the whole pipeline again and again, remembers an hour of it, and tells those who watch. */
export class PipelineWatch {
  readonly history = new History()
  readonly #options: PipelineWatchOptions
  readonly #stopping = new AbortController()
  readonly #watchers = new Set<(overview: Overview) => void>()
  readonly #observed: Change[] = []
  #wake = new AbortController()
  #overview: Overview | null = null
  #loop: Promise<void> | null = null

  constructor(options: PipelineWatchOptions) {
    this.#options = { ...options, log: moduleLog(options.log, 'pipeline') }
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.abort()
    await this.#loop
  }

  /** What was seen last; null before the first look. */
  get overview(): Overview | null {
    return this.#overview
  }

  /** Tells of every look from now on, and looks soon. Returns what ends it. */
  watch(watcher: (overview: Overview) => void): () => void {
    this.#watchers.add(watcher)
    this.#wake.abort()
    return () => this.#watchers.delete(watcher)
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const began = performance.now()
      try {
        await this.#look()
      } catch (error) {
        this.#options.log.warn({ err: error }, 'the pipeline could not be looked at')
      }
      this.#wake = new AbortController()
      const every = this.#watchers.size > 0 ? watchedMs : unwatchedMs
      const rest = Math.max(200, every - (performance.now() - began))
      if (!this.#stopping.signal.aborted) {
        await pause(rest, undefined, { signal: this.#wake.signal }).catch(() => undefined)
      }
    }
  }

  async #look(): Promise<void> {
    const facts = await this.#options.gather()
    const before = this.history.latest
    this.history.add(facts)
    if (before) this.#observed.unshift(...changesBetween(before, facts))
    this.#observed.splice(keptChanges)
    this.#overview = overviewOf(this.history, await this.#changes())
    if (this.#overview) for (const watcher of this.#watchers) watcher(this.#overview)
  }

  /** What was observed and what was done, newest first. */
  async #changes(): Promise<Change[]> {
    const acts = await listAudit(this.#options.db, shownChanges).catch(() => [])
    const done = acts.map(({ occurred_at, actor, action, target }): Change => {
      const text = `${actor}: ${action.replaceAll(/[._]/g, ' ')} — ${target}`
      return { at: occurred_at.toISOString(), kind: 'act', text, link: null }
    })
    return [...this.#observed, ...done].toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, shownChanges)
  }
}
