import { parseArgs } from 'node:util'
import { type Letter, letters } from './figure.ts'

export interface Flags {
  /** The sections to run, in their order. */
  readonly only: readonly Letter[]
  readonly quick: boolean
  /** Prints the results as JSON, and the progress on the other stream. */
  readonly json: boolean
  /** Leaves the stack running, and takes the one that an earlier run left. */
  readonly keep: boolean
  /** Writes the table into the page on performance. */
  readonly write: boolean
  /** Goes on to a million stored reviews. */
  readonly million: boolean
  /** Results of an earlier run to compare with. */
  readonly against: string | null
}

/** A mistake on the command line, which the message explains. */
export class UsageError extends Error {}

export const help = `npm run bench -- [options]

Measures TheReview on a stack of its own, in sections:
  a  limits of this machine: bare HTTP, Postgres, Kafka     f  reads of statistics and lists
  b  POST, closed loop, 64 connections                      g  rebuild of the statistics
  c  POST, open loop: latency at a fixed rate               h  growth: stored reviews, hot entity, batches
  d  end to end: until every effect of all reviews is there i  CPU and memory of every process, also idle
  e  one event: answer to statistic, and to mail            j  "before": the same work within the request

  --only a,d         these sections alone; what they compare with is measured too
  --quick            small sizes, about 3 minutes: to compare changes, not to quote
  --million          section h goes on to 1,000,000 stored reviews (about 10 minutes more)
  --against FILE     a column with the ratio to an earlier run: bench/results/….json
  --stack keep       leave the stack running, and use the one that is; its services are restarted
  --write            put the table into docs/performance.md; of a whole run alone
  --json             print the results as JSON on stdout, and all else on stderr`

/** @throws {UsageError} */
export function parseFlags(args: readonly string[]): Flags | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const only = values.only === undefined ? letters : lettersOf(values.only)
  const { quick = false, million = false, write = false, json = false } = values
  if (values.stack !== undefined && values.stack !== 'keep') {
    throw new UsageError(`--stack is "${values.stack}". It can be "keep"; without it the stack is stopped.`)
  }
  if (million && !only.includes('h')) {
    throw new UsageError(
      '--million is for section h, which --only leaves out: add h, or leave out --million.',
    )
  }
  if (million && quick) throw new UsageError('--million is not quick: leave out one of the two.')
  if (write && (quick || values.only !== undefined)) {
    throw new UsageError('--write is for figures of a whole run: leave out --quick and --only.')
  }
  const keep = values.stack === 'keep'
  return { only, quick, json, keep, write, million, against: values.against ?? null }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        stack: { type: 'string' },
        write: { type: 'boolean' },
        million: { type: 'boolean' },
        against: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function lettersOf(text: string): readonly Letter[] {
  const wanted = text.split(',').map((letter) => letter.trim())
  const unknown = wanted.filter((letter) => !letters.some((known) => known === letter))
  if (unknown.length > 0) {
    const names = unknown.map((letter) => `"${letter}"`).join(', ')
    throw new UsageError(`There is no section ${names}. The sections are ${letters.join(', ')}.`)
  }
  return letters.filter((letter) => wanted.includes(letter))
}
