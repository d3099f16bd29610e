const exact = 2_048
const perDoubling = 1_024
const doublings = 20
/** The longest that it can tell, in microseconds: 35 minutes. */
const longestUs = 2 ** 31 - 1

/** A histogram as it passes from one process to another. */
export interface HistogramState {
  readonly counts: Uint32Array
  readonly count: number
  readonly maxMs: number
}

/**
 * Latencies in buckets: of a microsecond below 2 ms, and at most a thousandth of the value beyond, in the manner of
 * HdrHistogram. Recording one takes no memory, so a measure does not stop for the garbage that it makes.
 */
export class Histogram {
  readonly #counts: Uint32Array
  #count: number
  #maxMs: number

  constructor(state?: HistogramState) {
    this.#counts = state?.counts ?? new Uint32Array(exact + doublings * perDoubling)
    this.#count = state?.count ?? 0
    this.#maxMs = state?.maxMs ?? 0
  }

  record(milliseconds: number): void {
    const index = bucketOf(Math.min(Math.max(0, Math.round(milliseconds * 1_000)), longestUs))
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count += 1
    if (milliseconds > this.#maxMs) this.#maxMs = milliseconds
  }

  get count(): number {
    return this.#count
  }

  get maxMs(): number {
    return this.#maxMs
  }

  /** The milliseconds that so large a part of all does not exceed (nearest rank); null where nothing was recorded. */
  percentile(part: number): number | null {
    if (this.#count === 0) return null
    const rank = Math.max(1, Math.ceil(part * this.#count))
    let seen = 0
    for (let index = 0; index < this.#counts.length; index += 1) {
      seen += this.#counts[index] ?? 0
      if (seen >= rank) return Math.min(highestOf(index) / 1_000, this.#maxMs)
    }
    return this.#maxMs
  }

  get state(): HistogramState {
    return { counts: this.#counts, count: this.#count, maxMs: this.#maxMs }
  }
}

function bucketOf(us: number): number {
  if (us < exact) return us
  // How often it must be halved to lie between 1,024 and 2,047.
  const halvings = 21 - Math.clz32(us)
  return exact + (halvings - 1) * perDoubling + ((us >> halvings) - perDoubling)
}

/** The highest microseconds of a bucket, so that a percentile never tells less than there was. */
function highestOf(index: number): number {
  if (index < exact) return index
  const halvings = Math.floor((index - exact) / perDoubling) + 1
  const lowest = (((index - exact) % perDoubling) + perDoubling) * 2 ** halvings
  return lowest + 2 ** halvings - 1
}
