/**
 * Runs tests. `npm test` runs all suites that need no more than Node, Java and Maven:
 *
 *     npm test                                     everything
 *     npm test -- src/contracts test/e2e           what is in these folders or files
 *     npm test -- --suite unit --name tally        one suite, tests whose name matches
 *     npm test -- --all                            also the suites that need other programs
 *     npm test -- --packages                       the Debian packages with those programs
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

const suiteLines = suites.map(({ name, about, needs }) => {
  const programs = needs.map(({ command }) => `; needs ${command}`)
  return `  ${name.padEnd(12)}${about}${programs.join('')}\n`
})
const usage = `Usage: npm test -- [PATH …] [--suite NAME[,NAME]] [--all] [--name PATTERN] [--packages]\n\n${suiteLines.join('')}`

type Request = { selections: Selection[]; namePatterns: string[] } | { print: string }

function requestFrom(argv: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      suite: { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      name: { type: 'string', multiple: true, default: [] },
      packages: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { print: usage }
  if (values.packages) {
    const packages = new Set(suites.flatMap(({ needs }) => needs.map(({ debianPackage }) => debianPackage)))
    return { print: `${[...packages].join(' ')}\n` }
  }
  if (positionals.length > 0) return { selections: filesAt(positionals, root), namePatterns: values.name }
  const named = suitesNamed(values.suite.flatMap((names) => names.split(',')))
  const chosen = values.all ? suites : named.length > 0 ? named : defaultSuites
  return { selections: filesOf(chosen, root), namePatterns: values.name }
}

async function main(): Promise<number> {
  let request: Request
  try {
    request = requestFrom(process.argv.slice(2))
  } catch (error) {
    const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error)
    if (!isUsage) throw error
    process.stderr.write(`${error.message}\n\n${usage}`)
    return 2
  }
  if ('print' in request) {
    process.stdout.write(request.print)
    return 0
  }
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interruption.abort())
  const isWell = await runSuites({ root, ...request, environment: process.env, signal: interruption.signal })
  return isWell ? 0 : 1
}

process.exit(await main())
