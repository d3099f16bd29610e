import type { SectionResult } from './figure.ts'
import type { Limits } from './limits/limits.ts'
import type { Sizes } from './sizes.ts'
import type { Target } from './stack/target.ts'

/** What a section has at hand. */
export interface Bench {
  readonly target: Target
  readonly sizes: Sizes
  /** What others are compared with: measured when first asked for, and once. */
  readonly limits: Limits
  /** Stops the stack and starts one without any data. */
  readonly startAnew: () => Promise<void>
  /** A line about what is under way. */
  readonly say: (text: string) => void
}

export interface Section {
  readonly letter: SectionResult['letter']
  readonly title: string
  readonly run: (bench: Bench) => Promise<SectionResult['rows']>
}
