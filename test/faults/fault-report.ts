import { readFile, writeFile } from 'node:fs/promises'
import type { FaultReport } from './fault-case.ts'

const shown = 10

/** What was done, how long it took to recover, and what was found, each finding on a line of its own. */
export function reportLine(report: FaultReport): string {
  const { name, findings, operations, uncertain, worstVisibleMs, quietAfterMs } = report
  const verdict = findings.length === 0 ? 'ok  ' : 'FAIL'
  const parts = [
    `visible again after ${seconds(worstVisibleMs)}, quiet ${seconds(quietAfterMs)} later`,
    `${operations} operations, ${uncertain} unanswered`,
    `absorbed ${report.repeatedRecords} records again, ${report.repeatedMails} mails`,
    `lost ${findings.length}`,
  ]
  const lines = [
    `${verdict} ${name}\n       ${parts.join('; ')}`,
    ...findings.slice(0, shown).map((one) => `       ${one}`),
  ]
  return lines.join('\n')
}

/** A case that cannot be run here, and why. It has not passed. */
export interface SkippedCase {
  readonly name: string
  readonly reason: string
}

const page = new URL('../../docs/reliability.md', import.meta.url)
const marks = /(<!-- faults:begin -->\n)[\s\S]*(<!-- faults:end -->)/

/** Puts the table of this run into the page on reliability. */
export async function writeTable(
  reports: readonly FaultReport[],
  skipped: readonly SkippedCase[],
): Promise<void> {
  const rows = reports.map((report) => [
    report.name,
    seconds(report.worstVisibleMs),
    seconds(report.quietAfterMs),
    report.operations,
    report.repeatedRecords,
    report.repeatedMails,
    report.findings.length,
  ])
  const titles = [
    'what was done',
    'visible again',
    'quiet',
    'writes',
    'records again',
    'mails again',
    'lost or wrong',
  ]
  const notRun = skipped.map(({ name, reason }) => [
    `${name}: not run, ${reason}`,
    ...titles.slice(1).map(() => ''),
  ])
  const table = [titles, titles.map(() => '---'), ...rows, ...notRun]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
  await writeFile(page, (await readFile(page, 'utf8')).replace(marks, `$1\n${table}\n\n$2`))
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
