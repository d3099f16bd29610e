import { stripVTControlCharacters, styleText } from 'node:util'

export interface Column {
  readonly title: string
  /** Numbers stand to the right. */
  readonly align?: 'right'
}

/** Columns as wide as they must be; cells may be coloured. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[i] ?? ''))),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? ''
        const blank = ' '.repeat((widths[i] ?? 0) - widthOf(cell))
        return align === 'right' ? blank + cell : cell + blank
      })
      .join('  ')
      .trimEnd()
  const titles = styleText('dim', line(columns.map(({ title }) => title)))
  return [titles, ...rows.map(line)].map((text) => `${text}\n`).join('')
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}
