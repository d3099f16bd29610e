const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** A time in its largest whole unit, as people say it: 30 d, 6 h, 90 s; "for ever" for -1. */
export function duration(milliseconds: number): string {
  if (milliseconds === -1) return 'for ever'
  const unit = units.find(([, length]) => milliseconds >= length && milliseconds % length === 0)
  return unit ? `${milliseconds / unit[1]} ${unit[0]}` : `${milliseconds} ms`
}
