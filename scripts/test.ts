/**
 * Runs tests. `npm test` runs all suites that need no more than Node, Java and Maven:
 *
 *     npm test                                     everything
 *     npm test -- src/contracts test/e2e           what is in these folders or files
 *     npm test -- --suite unit --name tally        one suite, tests whose name matches
 *     npm test -- --also foreign,compose           everything, and suites that need other programs too
 *
 * Exits with 0 only if every chosen suite ran and every test passed.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runSuites } from './test/run-suites.ts'
import {
  defaultSuites,
  filesAt,
  filesOf,
  type Selection,
  suites,
  suitesNamed,
  UsageError,
} from './test/suites.ts'

const root = join(import.meta.dirname, '..')

const usage = `Usage: npm test -- [PATH …] [--suite NAME[,NAME]] [--also NAME[,NAME]] [--name PATTERN]

${suites.map(({ name, about, needs }) => `  ${name.padEnd(12)}${about}${needs.map(({ command }) => `; needs ${command}`).join('')}`).join('\n')}
`

function selectionsFrom(
  argv: readonly string[],
): { selections: Selection[]; namePatterns: string[] } | 'help' {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      suite: { type: 'string', multiple: true, default: [] },
      also: { type: 'string', multiple: true, default: [] },
      name: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const named = suitesNamed(values.suite.flatMap((names) => names.split(',')))
  const also = suitesNamed(values.also.flatMap((names) => names.split(',')))
  if (positionals.length > 0) return { selections: filesAt(positionals, root), namePatterns: values.name }
  const chosen = [...(named.length > 0 ? named : defaultSuites), ...also]
  return { selections: filesOf(chosen, root), namePatterns: values.name }
}

async function main(): Promise<number> {
  let request: ReturnType<typeof selectionsFrom>
  try {
    request = selectionsFrom(process.argv.slice(2))
  } catch (error) {
    const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error)
    if (!isUsage) throw error
    process.stderr.write(`${error.message}\n\n${usage}`)
    return 2
  }
  if (request === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interruption.abort())
  const isWell = await runSuites({ root, ...request, environment: process.env, signal: interruption.signal })
  return isWell ? 0 : 1
}

process.exit(await main())
