import { serviceNames } from '../../src/contracts/service-names.ts'
import type { DriveResult } from '../driver/plan.ts'
import type { Figure, Row } from '../figure.ts'
import type { Target } from '../stack/target.ts'
import { runEndToEnd } from './end-to-end.ts'
import { manyListPaths, readOnce, statsPaths } from './reads.ts'
import { seedReviews } from './seed.ts'

const coldEntities = 5_000
const listedEntities = 200

/** Stores reviews until there are so many, ten of each entity. */
export async function growTo(target: Target, size: number): Promise<void> {
  const missing = size - coldEntities - (await target.events())
  if (missing > 0) await seedReviews(target, missing, Math.ceil(missing / 10))
}

/** Rates with so much stored: of writes, of everything that follows from them, and of reads past the cache. */
export async function measureAt(target: Target, size: number, reviews: number): Promise<Row> {
  const cold = await seedReviews(target, coldEntities, coldEntities)
  const stats = await readOnce(target, statsPaths(cold, coldEntities))
  const listed = await seedReviews(target, listedEntities * 30, listedEntities)
  const lists = await readOnce(target, manyListPaths(listed, listedEntities))
  const run = await runEndToEnd(target, { reviews })
  const usage = await target.usage()
  const largest = Math.max(...serviceNames.map((name) => usage.get(name)?.memoryBytes ?? 0)) / 2 ** 20
  const rate = ({ completed, seconds }: DriveResult) => completed / seconds
  return {
    id: `h.${size}`,
    label: `${(await target.events()).toLocaleString('en')} events in the log`,
    figures: [
      { name: 'POST', value: run.accepted / run.answered, unit: '/s' },
      { name: 'end to end', value: run.eventsPerSecond, unit: '/s' },
      { name: 'statistics', value: rate(stats), unit: '/s' },
      { name: 'lists', value: rate(lists), unit: '/s' },
      { name: 'largest service', value: largest, unit: 'MB' },
    ],
  }
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
