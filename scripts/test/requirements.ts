import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Selection, Tool } from './suites.ts'

export interface NotRun {
  readonly name: string
  readonly reason: string
}

/** The suites that can run here, and why the others cannot. */
export function sortOut(
  selections: readonly Selection[],
  path: string,
): { runnable: Selection[]; notRun: NotRun[] } {
  const runnable: Selection[] = []
  const notRun: NotRun[] = []
  for (const selection of selections) {
    const { suite, files } = selection
    const missing = suite.needs.filter(({ command }) => !isOnPath(command, path))
    if (missing.length > 0) notRun.push({ name: suite.name, reason: missing.map(howToInstall).join(', ') })
    else if (files.length === 0) notRun.push({ name: suite.name, reason: 'it has no files' })
    else runnable.push(selection)
  }
  return { runnable, notRun }
}

function howToInstall({ command, debianPackage }: Tool): string {
  return `${command} is not installed (Debian and Ubuntu: apt-get install ${debianPackage})`
}

function isOnPath(command: string, path: string): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, command)))
}
