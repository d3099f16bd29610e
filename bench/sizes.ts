/** How much each section does. */
export interface Sizes {
  /** Of a closed or open loop. */
  readonly warmUpMs: number
  readonly measuredMs: number
  /** Of a read, or of one of the limits. */
  readonly shortMs: number
  /** Reviews that go through everything before the first measure, so that no section meets cold processes. */
  readonly warmUpReviews: number
  readonly endToEnd: readonly number[]
  readonly singleEvents: number
  /** Entities that are read once each, before anything of them is cached. */
  readonly coldEntities: number
  /** Events in the log, at least, before it is counted anew. */
  readonly rebuildEvents: number
  /** How many reviews are stored when the rates are measured again. */
  readonly growth: readonly number[]
  /** Reviews of each of those measures. */
  readonly growthReviews: number
  readonly idleMs: number
  readonly usageReviews: number
}

export const fullSizes: Sizes = {
  warmUpMs: 5_000,
  measuredMs: 12_000,
  shortMs: 5_000,
  warmUpReviews: 10_000,
  endToEnd: [10_000, 100_000],
  singleEvents: 500,
  coldEntities: 30_000,
  rebuildEvents: 300_000,
  growth: [10_000, 100_000],
  growthReviews: 20_000,
  idleMs: 20_000,
  usageReviews: 30_000,
}

export const quickSizes: Sizes = {
  warmUpMs: 2_000,
  measuredMs: 5_000,
  shortMs: 2_000,
  warmUpReviews: 5_000,
  endToEnd: [10_000],
  singleEvents: 150,
  coldEntities: 5_000,
  rebuildEvents: 50_000,
  growth: [10_000, 30_000],
  growthReviews: 5_000,
  idleMs: 8_000,
  usageReviews: 10_000,
}

export const million = 1_000_000
