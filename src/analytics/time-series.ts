import { averageOf } from './statistics.ts'
import type { DayRow } from './statistics-store.ts'

const dayMs = 86_400_000
const defaultDays = 30
export const maxDays = 366

/** Whole days in UTC, `[from, to)`, as milliseconds since the epoch. */
export interface DayRange {
  readonly from: number
  readonly to: number
}

/** Why a range is refused, and which of the two bounds is to blame. */
export interface RangeRefusal {
  readonly bound: 'from' | 'to'
  readonly code: string
  readonly detail: string
}

/**
 * The days that a request asks for. A bound is a day or a time; a time of day is widened to the whole day. Without
 * `to` the range ends with today, without `from` it has thirty days.
 */
export function rangeOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  now: Date,
): DayRange | RangeRefusal {
  const bounds = {
    from: from === undefined ? null : parseBound(from),
    to: to === undefined ? null : parseBound(to),
  }
  for (const bound of ['from', 'to'] as const) {
    if (Number.isNaN(bounds[bound])) {
      const detail = 'must be a day such as 2026-11-23, or a time such as 2026-11-23T10:30:00Z'
      return { bound, code: 'format', detail }
    }
  }
  const end = Math.ceil((bounds.to ?? now.getTime() + 1) / dayMs) * dayMs
  const begin = bounds.from === null ? end - defaultDays * dayMs : Math.floor(bounds.from / dayMs) * dayMs
  if (begin > end) {
    return { bound: 'from', code: 'range', detail: 'must not be later than the end of the range' }
  }
  if (end - begin > maxDays * dayMs) {
    return {
      bound: 'from',
      code: 'range',
      detail: `must be at most ${maxDays} days before the end of the range`,
    }
  }
  return { from: begin, to: end }
}

// Years that dates of every part can hold.
const boundForm = /^(19|2\d)\d{2}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/

/** Milliseconds since the epoch; NaN for what is no day and no time of RFC 3339. */
function parseBound(text: string): number {
  // `Date` takes the 31st of February for a day of March.
  const [year, month, day] = text.slice(0, 10).split('-').map(Number)
  const exists = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day
  return boundForm.test(text) && exists ? Date.parse(text) : Number.NaN
}

export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

export interface Day {
  readonly start: string
  readonly count: number
  readonly average: number
  readonly views: number
}

/** Every day of the range, also those without reviews or views. */
export function toSeries({ from, to }: DayRange, rows: readonly DayRow[]): Day[] {
  const byDay = new Map(rows.map((row) => [row.day, row]))
  return Array.from({ length: (to - from) / dayMs }, (_, i) => {
    const start = from + i * dayMs
    const { count = 0, halves = 0, views = 0 } = byDay.get(dayOf(start)) ?? {}
    return { start: new Date(start).toISOString(), count, average: averageOf(count, halves), views }
  })
}
