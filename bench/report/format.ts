import type { Figure } from '../figure.ts'

/** A figure as people read it: three digits that count, and its unit. */
export function formatFigure({ name, value, unit }: Figure): string {
  if (value === null) return `${name} –`
  const text = formatValue(value, unit)
  return name === '' ? text : `${name} ${text}`
}

export function formatValue(value: number, unit: Figure['unit']): string {
  const number = formatNumber(value)
  return unit === '/s' || unit === '%' || unit === '' ? `${number}${unit}` : `${number} ${unit}`
}

function formatNumber(value: number): string {
  const size = Math.abs(value)
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}
