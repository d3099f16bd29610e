import type { Problem } from '../../contract/overview.ts'

/** For how long something must have stood still to be called stuck. */
export const stillMs = 8_000

export function problem(
  id: string,
  severity: Problem['severity'],
  where: Problem['where'],
  title: string,
  why: string,
  remedy: string,
  command: string | null = null,
  link: string | null = null,
): Problem {
  return {
    id,
    severity,
    where,
    title,
    why,
    remedy,
    command: command && `npm run -s ${command.replace('thereview ', 'thereview -- ')}`,
    link,
  }
}

export function list(items: readonly string[]): string {
  const shown = items.slice(0, 3)
  return items.length > 3 ? `${shown.join(', ')} and ${items.length - 3} more` : shown.join(', ')
}

/** Of a dependency as a service names it, the part that the launcher starts. */
export function commandName(dependency: string): string {
  return dependency === 'smtp' ? 'mail' : dependency.replace('_', '-')
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function number(value: number): string {
  return value.toLocaleString('en-US')
}

export function format(value: number): string {
  return value >= 10 ? number(Math.round(value)) : String(Math.round(value * 10) / 10)
}

export function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second'
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
