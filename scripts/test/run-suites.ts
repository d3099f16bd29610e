import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { compileCache } from '../../src/launcher/compile-cache.ts'
import { endLeftovers, marker } from './leftovers.ts'
import { closingLines, Report } from './report.ts'
import { type NotRun, sortOut } from './requirements.ts'
import { addressVariables, clear, withSharedParts } from './shared-parts.ts'
import type { Selection, Suite } from './suites.ts'

export interface RunOptions {
  readonly root: string
  readonly selections: readonly Selection[]
  readonly environment: NodeJS.ProcessEnv
  readonly namePatterns: readonly string[]
  /** How long one file may take. */
  readonly fileTimeoutMs?: number
  /** Ends the run: what is under way is stopped, and what was started with it. */
  readonly signal: AbortSignal
}

/** Runs the suites, prints one report, and returns whether all of it is well. */
export async function runSuites(options: RunOptions): Promise<boolean> {
  const { root, selections, environment, signal } = options
  const begin = performance.now()
  const homes = join(root, '.thereview', 'test')
  const report = new Report(process.stdout, root)
  const { runnable, notRun } = sortOut(selections, environment.PATH ?? '')
  const problems: string[] = []
  await runInPhases({ ...options, runnable, homes, report, problems }).catch((error: unknown) => {
    if (!signal.aborted) problems.push(error instanceof Error ? error.message : String(error))
  })
  if (signal.aborted) problems.push('interrupted')

  await report.end()
  const { totals } = report
  if (totals.tests === 0 && problems.length === 0) problems.push('no test was run')
  const isWell = totals.fail + totals.cancelled + notRun.length + problems.length === 0
  const logs = await keepLogs(homesOf(runnable, homes), isWell)
  const lines = summary({ runnable, notRun, problems, logs: logs.map((folder) => relative(root, folder)) })
  process.stdout.write(`\n${lines}\n${closingLines(totals, performance.now() - begin)}`)
  return isWell
}

type Phases = RunOptions & {
  runnable: readonly Selection[]
  homes: string
  report: Report
  /** Filled with what went wrong beside the tests themselves. */
  problems: string[]
}

/** First what needs no parts, then what shares them, and when they are gone, what starts its own. */
async function runInPhases(phases: Phases): Promise<void> {
  const { runnable, homes, environment, signal } = phases
  await runFiles(filesOf(runnable, 'none'), {}, filesAtOnce, phases)
  const sharing = runnable.filter(({ suite }) => suite.parts === 'shared')
  if (sharing.length > 0 && !signal.aborted) {
    await withSharedParts(join(homes, 'shared'), signal, async (addresses) => {
      const together = sharing.filter(({ suite }) => !suite.oneByOne)
      const oneByOne = sharing.filter(({ suite }) => suite.oneByOne)
      await runFiles(filesOf(together, 'shared'), addresses, filesAtOnce, phases)
      await runFiles(filesOf(oneByOne, 'shared'), addresses, 1, phases)
    })
  }
  const alone = filesOf(runnable, 'own')
  if (alone.length > 0) for (const home of ownHomes(homes)) await clear(home)
  const none = Object.fromEntries(
    addressVariables.filter((name) => environment[name]).map((name) => [name, '']),
  )
  await runFiles(alone, none, 1, phases)
}

const usualTimeoutMs = 10 * 60_000
// Two cores: a third file would only make the other two slower, and their waits less certain.
const filesAtOnce = 2

async function runFiles(
  files: readonly string[],
  addresses: NodeJS.ProcessEnv,
  concurrency: number,
  { root, environment, namePatterns, fileTimeoutMs = usualTimeoutMs, signal, report, problems }: Phases,
): Promise<void> {
  if (files.length === 0 || signal.aborted) return
  const runId = randomBytes(6).toString('hex')
  const events = run({
    files: files.map((file) => join(root, file)),
    concurrency,
    timeout: fileTimeoutMs,
    signal,
    env: { NODE_COMPILE_CACHE: compileCache, ...environment, ...addresses, [marker]: runId },
    ...(namePatterns.length > 0 && { testNamePatterns: namePatterns }),
  })
  await report.show(events)
  for (const { pid, command } of await endLeftovers(runId)) {
    problems.push(`a test left process ${pid} behind: ${command.slice(0, 150)}`)
  }
}

function filesOf(selections: readonly Selection[], parts: Suite['parts']): string[] {
  return selections.filter(({ suite }) => suite.parts === parts).flatMap(({ files }) => files)
}

function summary(of: {
  runnable: readonly Selection[]
  notRun: readonly NotRun[]
  problems: readonly string[]
  logs: readonly string[]
}): string {
  const ran = of.runnable.map(({ suite, files }) => `${suite.name} (${files.length} files)`)
  return [
    `suites    ${ran.join(' · ') || 'none'}`,
    ...of.notRun.map(({ name, reason }) => `NOT RUN   ${name}: ${reason}`),
    ...of.problems.map((problem) => `PROBLEM   ${problem}`),
    ...of.logs.map((folder) => `logs      ${folder}`),
  ].join('\n')
}

/** Data goes; logs stay when something went wrong, until the next run. Returns the folders that were kept. */
async function keepLogs(homes: readonly string[], isWell: boolean): Promise<string[]> {
  const kept: string[] = []
  for (const home of homes) {
    if (isWell) await clear(home)
    else await rm(join(home, 'data'), { recursive: true, force: true })
    const logs = join(home, 'logs')
    if (existsSync(logs)) kept.push(logs)
  }
  return kept
}

/** The homes that a run of these suites has used. */
function homesOf(selections: readonly Selection[], homes: string): string[] {
  return [
    ...(filesOf(selections, 'shared').length > 0 ? [join(homes, 'shared')] : []),
    ...(filesOf(selections, 'own').length > 0 ? ownHomes(homes) : []),
  ]
}

/** Where the files that start stacks of their own keep them, see test/support/own-stack.ts. */
function ownHomes(homes: string): string[] {
  const names = existsSync(homes) ? readdirSync(homes) : []
  return names.filter((name) => name !== 'shared').map((name) => join(homes, name))
}
