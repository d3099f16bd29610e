/** One series of a scrape: its name with its labels, as they stand in the text. */
export type Scrape = ReadonlyMap<string, number>

const line = /^([a-zA-Z_:][\w:]*(?:\{.*\})?)\s+(\S+)/

/** Prometheus' text format, as far as services of ours write it. */
export function parseScrape(text: string): Scrape {
  const series = new Map<string, number>()
  for (const one of text.split('\n')) {
    const [, name, value] = one.startsWith('#') ? [] : (line.exec(one) ?? [])
    if (name !== undefined) series.set(name, Number(value))
  }
  return series
}

/** The series of one metric with all of these labels. */
export function seriesOf(
  scrape: Scrape,
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): { readonly labels: string; readonly value: number }[] {
  const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  return [...scrape].flatMap(([key, value]) => {
    const [name, rest = ''] = splitAt(key, key.indexOf('{'))
    return name === metric && wanted.every((label) => rest.includes(label)) ? [{ labels: rest, value }] : []
  })
}

export function sumOf(scrape: Scrape, metric: string, labels?: Readonly<Record<string, string>>): number {
  return seriesOf(scrape, metric, labels).reduce((sum, { value }) => sum + value, 0)
}

export function labelOf(labels: string, name: string): string | null {
  return new RegExp(`[{,]${name}="([^"]*)"`).exec(labels)?.[1] ?? null
}

/** Observations up to each bound, cumulative, with all series that have these labels together. */
export type Buckets = ReadonlyMap<number, number>

export function bucketsOf(
  scrape: Scrape,
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): Buckets {
  const buckets = new Map<number, number>()
  for (const { labels: own, value } of seriesOf(scrape, `${metric}_bucket`, labels)) {
    const le = labelOf(own, 'le')
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
    buckets.set(bound, (buckets.get(bound) ?? 0) + value)
  }
  return buckets
}

/** What came between two scrapes. A process that was started again counts from nought. */
export function since(before: Buckets, after: Buckets): Buckets {
  const restarted = [...after].some(([bound, count]) => count < (before.get(bound) ?? 0))
  if (restarted) return after
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]))
}

/** As Prometheus' `histogram_quantile`: linear within a bucket; null without observations. */
export function quantile(buckets: Buckets, q: number): number | null {
  const bounds = [...buckets].toSorted(([a], [b]) => a - b)
  const total = bounds.at(-1)?.[1] ?? 0
  if (total === 0) return null
  const rank = q * total
  let [lower, below] = [0, 0]
  for (const [bound, count] of bounds) {
    if (count >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower
      const inside = count - below
      return inside === 0 ? bound : lower + (bound - lower) * ((rank - below) / inside)
    }
    ;[lower, below] = [bound, count]
  }
  return lower
}

export function countOf(buckets: Buckets): number {
  return buckets.get(Number.POSITIVE_INFINITY) ?? 0
}

function splitAt(text: string, index: number): [string, string?] {
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index)]
}
