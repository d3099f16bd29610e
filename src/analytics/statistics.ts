import type { Entity } from '../contracts/cache-keys.ts'
import type { StatsRow } from './statistics-store.ts'

/** What a bayesian average takes for known before the first review: a mean, and how many reviews that is worth. */
export interface Prior {
  readonly mean: number
  readonly weight: number
}

/** The nine ratings, in the histogram's order. */
export const ratings = ['1', '1.5', '2', '2.5', '3', '3.5', '4', '4.5', '5'] as const
type Rating = (typeof ratings)[number]

export interface Statistics {
  readonly entity_type: string
  readonly entity_id: string
  readonly count: number
  readonly average: number
  readonly histogram: Readonly<Record<Rating, number>>
  readonly bayesian_average: number
  readonly updated_at: string | null
  readonly revision: number
  readonly position: number
}

const nothing: StatsRow = { histogram: ratings.map(() => 0), revision: 0, position: 0, updatedAt: null }

/** The statistics of an entity, as they are answered; of one that nobody has reviewed where there is no row. */
export function toStatistics(entity: Entity, row: StatsRow = nothing, prior: Prior): Statistics {
  const slots = ratings.map((rating, i) => ({ rating, count: row.histogram[i] ?? 0 }))
  const count = slots.reduce((sum, slot) => sum + slot.count, 0)
  const halves = slots.reduce((sum, slot) => sum + slot.count * Number(slot.rating) * 2, 0)
  return {
    entity_type: entity.entityType,
    entity_id: entity.entityId,
    count,
    average: averageOf(count, halves),
    histogram: Object.fromEntries(slots.map((slot) => [slot.rating, slot.count])) as Record<Rating, number>,
    bayesian_average: bayesianAverageOf(count, halves, prior),
    updated_at: row.updatedAt?.toISOString() ?? null,
    revision: row.revision,
    position: row.position,
  }
}

/** To two decimals, half up; 0 of nothing. */
export function averageOf(count: number, halves: number): number {
  return roundedQuotient(BigInt(halves), BigInt(2 * count))
}

/** `(mean × weight + sum) / (weight + count)`, to two decimals, half up; 0 without reviews. */
export function bayesianAverageOf(count: number, halves: number, { mean, weight }: Prior): number {
  if (count === 0) return 0
  // Both priors have at most six decimals that count; as millionths the quotient is exact.
  const millionths = (value: number) => BigInt(Math.round(value * 1e6))
  const sum = millionths(mean) * millionths(weight) + BigInt(halves) * 500_000_000_000n
  return roundedQuotient(sum, (millionths(weight) + BigInt(count) * 1_000_000n) * 1_000_000n)
}

/** A quotient that is not negative, to hundredths, half up, without the drift of binary fractions. */
function roundedQuotient(numerator: bigint, denominator: bigint): number {
  if (denominator === 0n) return 0
  return Number((200n * numerator + denominator) / (2n * denominator)) / 100
}
