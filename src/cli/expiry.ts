import { InvalidArgumentError } from 'commander'

const seconds = { s: 1, min: 60, h: 3_600, d: 86_400 } as const

/** How long something is valid, `90d` or `30min`, in seconds. */
export function parseExpiry(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,8})(s|min|h|d)$/.exec(text) ?? []
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError('It wants a number and s, min, h or d, such as 30min, 1h or 90d.')
  }
  return Number(count) * seconds[unit as keyof typeof seconds]
}
