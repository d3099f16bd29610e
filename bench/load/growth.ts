import { serviceNames } from '../../src/contracts/service-names.ts'
import type { DriveResult } from '../driver/plan.ts'
import type { Figure, Row } from '../figure.ts'
import type { Target } from '../stack/target.ts'
import { runEndToEnd } from './end-to-end.ts'
import { manyListPaths, readOnce, statsPaths } from './reads.ts'
import { seedReviews } from './seed.ts'

const coldEntities = 5_000
/** Before the first of them nobody has read for minutes, and its code is compiled anew: it is not counted. */
const coldReads = 4
const listedEntities = 200

/** Stores reviews until there are so many, ten of each entity. */
export async function growTo(target: Target, size: number): Promise<void> {
  const missing = size - coldReads * coldEntities - (await target.events())
  if (missing > 0) await seedReviews(target, missing, Math.ceil(missing / 10))
}

/** Rates with so much stored: of writes, of everything that follows from them, and of reads past the cache. */
export async function measureAt(target: Target, size: number, reviews: number): Promise<Row> {
  const stats = await readColdStats(target)
  const listed = await seedReviews(target, listedEntities * 30, listedEntities)
  const lists = await readOnce(target, manyListPaths(listed, listedEntities))
  const run = await runEndToEnd(target, { reviews })
  const usage = await target.usage()
  const largest = Math.max(...serviceNames.map((name) => usage.get(name)?.memoryBytes ?? 0)) / 2 ** 20
  return {
    id: `h.${size}`,
    label: `${(await target.events()).toLocaleString('en')} events in the log`,
    figures: [
      { name: 'POST', value: run.accepted / run.answered, unit: '/s' },
      { name: 'end to end', value: run.eventsPerSecond, unit: '/s' },
      { name: 'statistics', value: rate(stats.slice(1)), unit: '/s' },
      { name: 'lists', value: rate([lists]), unit: '/s' },
      { name: 'largest service', value: largest, unit: 'MB' },
    ],
  }
}

async function readColdStats(target: Target): Promise<DriveResult[]> {
  const results: DriveResult[] = []
  while (results.length < coldReads) {
    const runId = await seedReviews(target, coldEntities, coldEntities)
    results.push(await readOnce(target, statsPaths(runId, coldEntities)))
  }
  return results
}

function rate(results: readonly DriveResult[]): number {
  const sum = (of: (result: DriveResult) => number) => results.reduce((all, each) => all + of(each), 0)
  return sum(({ completed }) => completed) / sum(({ seconds }) => seconds)
}

/** Each rate of the last as a part of the first, and the one that fell most. */
export function changeBetween(first: Row, last: Row): readonly Figure[] {
  const ratios = first.figures
    .filter(({ unit }) => unit === '/s')
    .map(({ name, value }): Figure => {
      const later = last.figures.find((figure) => figure.name === name)?.value ?? null
      return { name, value: value === null || later === null ? null : later / value, unit: '×' }
    })
  const known = ratios.flatMap(({ value }) => value ?? [])
  return [...ratios, { name: 'worst', value: known.length === 0 ? null : Math.min(...known), unit: '×' }]
}
