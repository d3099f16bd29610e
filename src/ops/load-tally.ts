/** The part of an entity's statistics that a count of its reviews can tell. */
export interface Statistics {
  readonly count: number
  readonly average: number
  readonly histogram: Readonly<Record<string, number>>
}

/** A count of what was accepted, for each entity, kept apart from the system that is measured. */
export class LoadTally {
  #ratings = new Map<string, number[]>()

  add(entityId: string, rating: number): void {
    const ratings = this.#ratings.get(entityId)
    if (ratings) ratings.push(rating)
    else this.#ratings.set(entityId, [rating])
  }

  get entities(): string[] {
    return [...this.#ratings.keys()]
  }

  agreesWith(entityId: string, statistics: Statistics): boolean {
    const ratings = this.#ratings.get(entityId) ?? []
    return (
      statistics.count === ratings.length &&
      sameAverage(ratings, statistics) &&
      sameHistogram(ratings, statistics)
    )
  }
}

// Statistics carry two decimals, so the exact average lies within half of the last one.
function sameAverage(ratings: readonly number[], { average }: Statistics): boolean {
  const sum = ratings.reduce((total, rating) => total + rating, 0)
  const exact = ratings.length === 0 ? 0 : sum / ratings.length
  return Math.abs(average - exact) <= 0.005 + 1e-9
}

function sameHistogram(ratings: readonly number[], { histogram }: Statistics): boolean {
  const counts = new Map<string, number>()
  for (const rating of ratings) counts.set(`${rating}`, (counts.get(`${rating}`) ?? 0) + 1)
  return Object.entries(histogram).every(([rating, count]) => count === (counts.get(rating) ?? 0))
}
