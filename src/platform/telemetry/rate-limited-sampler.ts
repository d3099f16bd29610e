import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace-node'

/** Records the first so many new traces of each second: all of them in a quiet hour, a bounded number under load. */
export class RateLimitedSampler implements Sampler {
  readonly #perSecond: number
  readonly #now: () => number
  #second = 0
  #taken = 0

  constructor(perSecond: number, now: () => number = Date.now) {
    this.#perSecond = perSecond
    this.#now = now
  }

  shouldSample(): SamplingResult {
    const second = Math.floor(this.#now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#taken = 0
    }
    if (this.#taken >= this.#perSecond) return { decision: SamplingDecision.NOT_RECORD }
    this.#taken += 1
    return { decision: SamplingDecision.RECORD_AND_SAMPLED }
  }

  toString(): string {
    return `RateLimitedSampler{${this.#perSecond}/s}`
  }
}
