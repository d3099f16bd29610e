const english = new Intl.NumberFormat('en-US')
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

export function formatCount(value: number): string {
  return english.format(value)
}

export function formatShort(value: number): string {
  return Math.abs(value) < 10_000 ? english.format(value) : short.format(value)
}

/** `1 letter`, `2 letters` */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}

export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return '–'
  if (perSecond === 0) return '0/s'
  return perSecond < 10 ? `${perSecond.toFixed(1)}/s` : `${formatShort(Math.round(perSecond))}/s`
}

export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 10) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** To the millisecond where that can still matter. */
export function formatMs(milliseconds: number): string {
  return milliseconds < 600_000
    ? `${formatCount(Math.round(milliseconds))} ms`
    : formatSeconds(milliseconds / 1000)
}

/** A time that is looked at by itself, and not beside others of its kind. */
export function formatLatency(milliseconds: number): string {
  return milliseconds < 1_000 ? formatMs(milliseconds) : formatSeconds(milliseconds / 1000)
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–'
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

export function formatRetention(milliseconds: number): string {
  if (milliseconds < 0) return 'for ever'
  return formatSeconds(milliseconds / 1000)
}

/** How long ago, or ahead, in one unit. */
export function formatAgo(time: number, now: number): string {
  const seconds = (now - time) / 1000
  if (Math.abs(seconds) < 2) return 'now'
  const long = formatSeconds(Math.round(Math.abs(seconds)))
  return seconds > 0 ? `${long} ago` : `in ${long}`
}

/** The API's messages begin small; a heading does not. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
