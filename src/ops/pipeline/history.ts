import type { LagPoint } from '../contract/groups.ts'
import type { Facts, GroupFacts } from './facts.ts'
import { type Buckets, bucketsOf, since as sinceBuckets, sumOf } from './prometheus-text.ts'

const hourMs = 3_600_000
/** The facts themselves are kept for as long as rates and percentiles look back. */
const factsMs = 330_000
const rateMs = 10_000

interface Point {
  readonly at: number
  readonly head: number | null
  readonly groups: ReadonlyMap<string, Pick<GroupFacts, 'lag' | 'lagSeconds' | 'committed'>>
}

/** What was seen in the last hour, and what follows from comparing. */
export class History {
  readonly #facts: Facts[] = []
  readonly #points: Point[] = []

  add(facts: Facts): void {
    this.#facts.push(facts)
    const groups = new Map((facts.kafka?.groups ?? []).map((one) => [one.group, one]))
    this.#points.push({ at: facts.at, head: facts.log?.head ?? null, groups })
    drop(this.#facts, facts.at - factsMs)
    drop(this.#points, facts.at - hourMs)
  }

  get latest(): Facts | null {
    return this.#facts.at(-1) ?? null
  }

  get previous(): Facts | null {
    return this.#facts.at(-2) ?? null
  }

  /** How fast something grows in a second, over the last ten; null until that is known, or when it began anew. */
  rate(read: (facts: Facts) => number | null): number | null {
    const latest = this.latest
    if (!latest) return null
    const before = this.#facts.findLast(({ at }) => at <= latest.at - rateMs) ?? this.#facts[0]
    if (!before || before === latest) return null
    const [from, to] = [read(before), read(latest)]
    if (from === null || to === null || to < from) return null
    return (to - from) / ((latest.at - before.at) / 1000)
  }

  /** Observations of a histogram of a service in so many milliseconds. */
  observed(service: string, metric: string, labels: Record<string, string>, windowMs: number): Buckets {
    const bucketsAt = (facts: Facts) => {
      const scrape = facts.services.find(({ name }) => name === service)?.scrape
      return scrape ? bucketsOf(scrape, metric, labels) : null
    }
    const latest = this.latest
    const after = latest ? bucketsAt(latest) : null
    if (!latest || !after) return new Map()
    const before = this.#facts.find((facts) => facts.at >= latest.at - windowMs && bucketsAt(facts) !== null)
    return before ? sinceBuckets(bucketsAt(before) ?? new Map(), after) : new Map()
  }

  /** How much a counter of a service has grown in a second. */
  counterRate(service: string, metric: string, labels: Record<string, string> = {}): number | null {
    return this.rate(({ services }) => {
      const scrape = services.find(({ name }) => name === service)?.scrape
      return scrape ? sumOf(scrape, metric, labels) : null
    })
  }

  /** Since when a value has not changed, as far back as is remembered, in milliseconds. */
  unchangedMs(read: (facts: Facts) => number | string | null): number {
    const latest = this.latest
    if (!latest) return 0
    const value = read(latest)
    const changed = this.#facts.findLast((facts) => read(facts) !== value)
    const since = changed ? this.#facts[this.#facts.indexOf(changed) + 1] : this.#facts[0]
    return latest.at - (since?.at ?? latest.at)
  }

  /**
   * How long ago a group came back to where it had been before its offsets were set back, in milliseconds: 0 while it
   * is behind that, null where they were not, in the last hour.
   */
  regainedMs(group: string): number | null {
    let [most, isBelow] = [Number.NEGATIVE_INFINITY, false]
    let regainedAt: number | null = null
    for (const { at, groups } of this.#points) {
      const committed = groups.get(group)?.committed
      if (committed === undefined) continue
      if (isBelow && committed >= most) regainedAt = at
      isBelow = committed < most
      most = Math.max(most, committed)
    }
    if (isBelow) return 0
    return regainedAt === null ? null : (this.latest?.at ?? 0) - regainedAt
  }

  lagOf(group: string): LagPoint[] {
    return this.#points.flatMap(({ at, groups }) => {
      const point = groups.get(group)
      const time = new Date(at).toISOString()
      return point ? [{ at: time, lag: point.lag, lag_seconds: Math.round(point.lagSeconds * 10) / 10 }] : []
    })
  }

  /** Events appended in a second, thinned to so many points over the last ten minutes. */
  acceptedRates(points: number): { at: string; rate: number }[] {
    const latest = this.#points.at(-1)
    if (!latest) return []
    const spanMs = 600_000
    const known = this.#points.filter(({ at, head }) => head !== null && at > latest.at - spanMs)
    const slotMs = spanMs / points
    const slots = Map.groupBy(known, ({ at }) => Math.floor(at / slotMs))
    const lasts = [...slots.values()].map((slot) => slot.at(-1)).filter((point) => point !== undefined)
    return lasts.slice(1).map((point, index) => {
      const before = lasts[index] ?? point
      const seconds = (point.at - before.at) / 1000
      const grown = Math.max(0, (point.head ?? 0) - (before.head ?? 0))
      return { at: new Date(point.at).toISOString(), rate: seconds > 0 ? round(grown / seconds) : 0 }
    })
  }
}

function drop(list: { readonly at: number }[], before: number): void {
  const keep = list.findIndex(({ at }) => at >= before)
  if (keep > 0) list.splice(0, keep)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
