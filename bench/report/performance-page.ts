import { readFile, writeFile } from 'node:fs/promises'
import type { Row } from '../figure.ts'
import { UsageError } from '../flags.ts'
import { isBusy } from '../stack/machine.ts'
import { formatFigure } from './format.ts'
import type { Report } from './report.ts'
import { measuredText } from './terminal.ts'

export const performancePage = new URL('../../docs/performance.md', import.meta.url)
const begin = '<!-- bench:begin -->'
const end = '<!-- bench:end -->'

/** Asked for before anything is measured. @throws {UsageError} if the page has no place for the table */
export async function readPage(page: URL): Promise<string> {
  const text = await readFile(page, 'utf8').catch(() => '')
  if (placeIn(text) !== null) return text
  throw new UsageError(
    `${page.pathname} has no place for the table: a line "${begin}" and, below it, a line "${end}".`,
  )
}

export async function writePage(page: URL, report: Report): Promise<void> {
  await writeFile(page, withTables(await readPage(page), report))
}

/** The page with this run's tables in the place of the last one's. */
export function withTables(page: string, report: Report): string {
  const place = placeIn(page)
  if (place === null) return page
  return `${page.slice(0, place.from)}\n\n${tables(report)}\n\n${page.slice(place.to)}`
}

function placeIn(page: string): { from: number; to: number } | null {
  const from = page.indexOf(begin) + begin.length
  const to = page.indexOf(end)
  return from >= begin.length && to >= from ? { from, to } : null
}

function tables({ began_at, machine, settings, sections, targets }: Report): string {
  const { cores, cpu, memory_gib, node, commit, load_before } = machine
  const others = ` Others were at work there (load ${load_before.toFixed(1)}), so the rates are too low and the latencies too high.`
  const facts = Object.entries(settings).map(([name, value]) => `${name} \`${value}\``)
  return [
    `Measured on ${began_at.slice(0, 10)} at commit \`${commit ?? '–'}\`, on ${cores} cores (${cpu}), ${memory_gib} GiB, Node ${node}.${isBusy(machine) ? others : ''}`,
    `In force: ${facts.join(', ')}.`,
    markdownTable(
      ['target', 'wanted', 'beyond', 'measured', 'met'],
      targets.map(({ what, target, beyond, measured, met }) => [
        what,
        target,
        beyond,
        measuredText(measured),
        met,
      ]),
    ),
    ...sections.map(
      ({ letter, title, rows }) =>
        `**(${letter}) ${title}**\n\n${markdownTable(['what', 'measured'], rows.map(cellsOf))}`,
    ),
  ].join('\n\n')
}

function cellsOf({ label, figures, note }: Row): string[] {
  const measured = figures.map(formatFigure).join(', ')
  return [label, [measured, note ? `(${note})` : ''].filter((text) => text !== '').join(' ')]
}

export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows]
    .map(
      (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`,
    )
    .join('\n')
}
