const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }

/** Seconds that `60s`, `20m` or `1h` stands for. @throws {Error} for anything else */
export function secondsOf(budget: string): number {
  const [, count, unit] = /^([1-9]\d*)([smh])$/.exec(budget) ?? []
  const seconds = Number(count) * (unitSeconds[unit ?? ''] ?? Number.NaN)
  if (Number.isNaN(seconds)) throw new Error(`a budget is a time such as 60s or 20m, not ${budget}`)
  return seconds
}
