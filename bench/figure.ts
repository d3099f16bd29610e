/** One number of a measure; null where it could not be had. */
export interface Figure {
  readonly name: string
  readonly value: number | null
  readonly unit: Unit
}

export type Unit = '/s' | 'ms' | 's' | '%' | '×' | 'MB' | ''

/** What was measured of one thing. `id` stays the same from run to run, so that runs can be compared. */
export interface Row {
  readonly id: string
  readonly label: string
  readonly figures: readonly Figure[]
  /** What one must know to read it. */
  readonly note?: string
}

export interface SectionResult {
  readonly letter: Letter
  readonly title: string
  readonly rows: readonly Row[]
}

export const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const
export type Letter = (typeof letters)[number]

/** The value of a figure among those measured so far, null where there is none. */
export function figureOf(results: readonly SectionResult[], id: string, name: string): number | null {
  const row = results.flatMap(({ rows }) => rows).find((one) => one.id === id)
  return row?.figures.find((figure) => figure.name === name)?.value ?? null
}
