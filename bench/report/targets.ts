import { type Figure, figureOf, type SectionResult, type Unit } from '../figure.ts'

/** What a figure should come to. */
export interface Target {
  readonly what: string
  readonly target: Bound
  /** What would be better still; null where there is no such thing. */
  readonly beyond: Bound | null
  readonly measure: (results: readonly SectionResult[]) => readonly Measured[]
}

type Measured = Omit<Figure, 'name'>

/** One limit for each figure of the measure, in its unit. */
interface Bound {
  readonly is: 'at least' | 'at most'
  readonly limits: readonly number[]
}

export interface Verdict {
  readonly what: string
  readonly target: string
  readonly beyond: string
  readonly measured: readonly Measured[]
  readonly met: 'not measured' | 'no' | 'yes' | 'beyond'
}

const atLeast = (...limits: number[]): Bound => ({ is: 'at least', limits })
const atMost = (...limits: number[]): Bound => ({ is: 'at most', limits })

const figures =
  (id: string, unit: Unit, ...names: string[]): Target['measure'] =>
  (results) =>
    names.map((name) => ({ value: figureOf(results, id, name), unit }))

/** A rate of one row as a part of another's. */
const ratio =
  (id: string, ofId: string): Target['measure'] =>
  (results) => {
    const [rate, of] = [figureOf(results, id, 'rate'), figureOf(results, ofId, 'rate')]
    return [{ value: rate === null || of === null ? null : rate / of, unit: '×' }]
  }

/** The most memory that one of our services had, whichever section saw it. */
const largestService: Target['measure'] = (results) => {
  const growth = results.flatMap(({ rows }) => rows).filter(({ id }) => id.startsWith('h.'))
  const seen = [
    figureOf(results, 'i.largest', 'memory'),
    ...growth.map(({ id }) => figureOf(results, id, 'largest service')),
  ].filter((value) => value !== null)
  return [{ value: seen.length === 0 ? null : Math.max(...seen), unit: 'MB' }]
}

/** The targets that were set for two cores with three brokers, Postgres, Redis and all services on them. */
export const targets: readonly Target[] = [
  {
    what: 'POST, 64 connections, all workers consuming, to single-row inserts of the same run',
    target: atLeast(0.4),
    beyond: atLeast(1),
    measure: figures('b.ratio', '×', 'ratio'),
  },
  {
    what: 'POST at 500/s: p99',
    target: atMost(10),
    beyond: atMost(5),
    measure: figures('c.500', 'ms', 'p99'),
  },
  {
    what: 'POST at half of the maximum: p99',
    target: atMost(25),
    beyond: atMost(10),
    measure: figures('c.half', 'ms', 'p99'),
  },
  {
    what: 'end to end, 10,000 reviews over 200 entities, all workers consuming, until every statistic agrees',
    target: atLeast(6_000),
    beyond: atLeast(12_000),
    measure: figures('d.10000', '/s', 'counted'),
  },
  {
    what: 'the same until also the last mail is in the inbox and the last cache is cleared',
    target: atLeast(6_000),
    beyond: atLeast(12_000),
    measure: figures('d.10000', '/s', 'end to end'),
  },
  {
    what: 'one event to the visible statistic: p50, p99',
    target: atMost(5, 20),
    beyond: atMost(3, 10),
    measure: figures('e.statistic', 'ms', 'p50', 'p99'),
  },
  {
    what: 'one event to the mail in the inbox: p99',
    target: atMost(60),
    beyond: atMost(30),
    measure: figures('e.mail', 'ms', 'p99'),
  },
  {
    what: 'statistics read, cached, to the bare echo',
    target: atLeast(0.5),
    beyond: atLeast(0.8),
    measure: ratio('f.stats-cached', 'a.echo'),
  },
  {
    what: 'rebuild of the statistics from the log',
    target: atLeast(100_000),
    beyond: atLeast(250_000),
    measure: figures('g.rebuild', '/s', 'rate'),
  },
  {
    what: 'growth: the rate that changed most, at 1,000,000 stored reviews to that at 10,000',
    target: atLeast(0.9),
    beyond: null,
    measure: figures('h.growth', '×', 'worst'),
  },
  {
    what: 'idle: all of our processes together, of one core',
    target: atMost(3),
    beyond: atMost(1),
    measure: figures('i.services', '%', 'idle'),
  },
  {
    what: 'memory: the most that one of our services had in the whole run',
    target: atMost(200),
    beyond: atMost(120),
    measure: largestService,
  },
]

export function judge(results: readonly SectionResult[]): readonly Verdict[] {
  return targets.map(({ what, target, beyond, measure }) => {
    const measured = measure(results)
    const unit = measured[0]?.unit ?? ''
    return {
      what,
      target: textOf(target, unit),
      beyond: beyond ? textOf(beyond, unit) : '',
      measured,
      met: metBy(measured, target, beyond),
    }
  })
}

function metBy(measured: readonly Measured[], target: Bound, beyond: Bound | null): Verdict['met'] {
  if (measured.some(({ value }) => value === null)) return 'not measured'
  if (beyond && keeps(measured, beyond)) return 'beyond'
  return keeps(measured, target) ? 'yes' : 'no'
}

function keeps(measured: readonly Measured[], { is, limits }: Bound): boolean {
  return measured.every(({ value }, n) => {
    const limit = limits[n]
    if (value === null || limit === undefined) return false
    return is === 'at least' ? value >= limit : value <= limit
  })
}

function textOf({ is, limits }: Bound, unit: Unit): string {
  const numbers = limits.map((limit) => limit.toLocaleString('en')).join(', ')
  return `${is === 'at least' ? '≥' : '≤'} ${numbers}${unit === '/s' || unit === '%' ? unit : ` ${unit}`}`
}
