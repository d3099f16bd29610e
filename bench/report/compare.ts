import { readFile } from 'node:fs/promises'
import { type Figure, figureOf } from '../figure.ts'
import { UsageError } from '../flags.ts'
import type { Report } from './report.ts'

/** A figure as a part of the same one of an earlier run; null where that has none, or one of nothing. */
export type Compare = (id: string, figure: Figure) => number | null

export const withNothing: Compare = () => null

/** @throws {UsageError} if the file holds no report */
export async function compareWith(file: string): Promise<Compare> {
  const earlier = await readReport(file)
  return (id, { name, value }) => {
    const before = figureOf(earlier.sections, id, name)
    return value === null || before === null || before === 0 ? null : value / before
  }
}

async function readReport(file: string): Promise<Report> {
  try {
    const report = JSON.parse(await readFile(file, 'utf8')) as Partial<Report>
    if (Array.isArray(report.sections)) return report as Report
  } catch (cause) {
    throw new UsageError(`${file} cannot be read as a report: ${cause}. They lie in bench/results/.`, {
      cause,
    })
  }
  throw new UsageError(`${file} is not a report of the bench: they lie in bench/results/.`)
}
