import { setTimeout as pause } from 'node:timers/promises'
import { asError } from '../../src/platform/errors.ts'
import { until } from '../support/until.ts'
import type { Findings } from './check-log.ts'
import { check, type Expectations, type Verdict } from './checker.ts'
import { startPulse } from './pulse.ts'
import { type LoadRecord, startLoad } from './recorded-load.ts'
import type { System } from './system.ts'

export interface FaultCase {
  /** What the invariant has to survive. */
  readonly name: string
  /** Why it cannot be run here; undefined where it can. */
  readonly cannotRun?: () => Promise<string | undefined>
  /** Does its harm under load, and resolves when the harm is over. */
  readonly harm: (system: System) => Promise<Expectations | undefined>
}

export interface FaultReport extends Verdict {
  readonly name: string
  readonly operations: number
  readonly uncertain: number
  /** The longest that any review took to be visible while the fault lasted. */
  readonly worstVisibleMs: number
  /** From the end of the harm and of the load until every effect was there. */
  readonly quietAfterMs: number
}

const writesBefore = 150
const afterHarmMs = 2_000

/** One system over several cases: what was acknowledged, and what each case left behind for good. */
export class FaultRun {
  readonly #system: System
  readonly #record: LoadRecord = { acknowledged: [], uncertain: 0, latenciesMs: [] }
  #deadLetters = 0
  #repeatedMails = 0
  #repeatsBefore = { records: 0, mails: 0 }
  #foreign: NonNullable<Expectations['foreign']>[] = []

  constructor(system: System) {
    this.#system = system
  }

  /** Load, harm, quiet, and then the checker over everything since the system started. */
  async run({ name, harm }: FaultCase): Promise<FaultReport> {
    const id = `${name.replaceAll(/\W+/g, '-')}-${Date.now().toString(36)}`
    const load = startLoad(this.#system.apiUrl, id)
    const pulse = startPulse(this.#system.apiUrl, id)
    await until('the load is under way', () => load.record.acknowledged.length >= writesBefore, {
      timeoutMs: 60_000,
    })

    const brokeOff: Findings = []
    const note = (what: string) => (error: unknown) => {
      brokeOff.push(`${what}: ${asError(error).message}`)
      return undefined
    }
    const expectations = (await harm(this.#system).catch(note('the case broke off'))) ?? {}
    await pause(afterHarmMs)
    await load.stop()
    await pulse.stop()
    const calm = performance.now()
    await this.#system.untilQuiet().catch(note('it never became quiet'))
    const quietAfterMs = performance.now() - calm

    this.#remember(load.record, expectations)
    const verdict = await check(this.#system, this.#record, {
      deadLetters: this.#deadLetters,
      repeatedMails: this.#repeatedMails,
      foreign: (record) => this.#foreign.some((is) => is(record)),
    }).catch((error: unknown) => this.#unchecked(error))
    const { atLeastRepeated = 0, topicIsNew = false } = expectations
    const repeatedRecords = verdict.repeatedRecords - (topicIsNew ? 0 : this.#repeatsBefore.records)
    const repeatedMails = verdict.repeatedMails - this.#repeatsBefore.mails
    this.#repeatsBefore = { records: verdict.repeatedRecords, mails: verdict.repeatedMails }
    return {
      ...verdict,
      findings: [
        ...brokeOff,
        ...verdict.findings,
        ...(repeatedRecords < atLeastRepeated
          ? [`${repeatedRecords} records were published again, where ${atLeastRepeated} or more were due`]
          : []),
      ],
      name,
      operations: load.record.acknowledged.length,
      uncertain: load.record.uncertain,
      worstVisibleMs: pulse.worstMs,
      quietAfterMs,
      repeatedRecords,
      repeatedMails,
    }
  }

  #unchecked(error: unknown): Verdict {
    const { records, mails } = this.#repeatsBefore
    return {
      findings: [`it cannot be checked: ${asError(error).message}`],
      events: 0,
      repeatedRecords: records,
      repeatedMails: mails,
      deadLetters: 0,
    }
  }

  #remember(record: LoadRecord, { deadLetters = 0, repeatedMails = 0, foreign }: Expectations): void {
    this.#record.acknowledged.push(...record.acknowledged)
    this.#record.uncertain += record.uncertain
    this.#deadLetters += deadLetters
    this.#repeatedMails += repeatedMails
    if (foreign) this.#foreign.push(foreign)
  }
}
