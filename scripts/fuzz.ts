/**
 * Lets Schemathesis test the API by its own OpenAPI document, on parts of its own:
 *
 *     npm run test:fuzz                      twenty minutes
 *     npm run test:fuzz -- --budget 60s      as long as in CI
 *
 * It needs python3 with venv; Schemathesis is installed into .thereview/fuzz. Half of the time goes to an API without
 * authentication, half to one with it.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { secondsOf } from '../test/fuzz/budget.ts'
import { runSuites } from './test/run-suites.ts'
import { filesOf, suitesNamed } from './test/suites.ts'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { budget: { type: 'string', default: '20m' } } })

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
const isWell = await runSuites({
  root,
  selections: filesOf(suitesNamed(['fuzz']), root),
  namePatterns: [],
  // Starting and ending take their time too.
  fileTimeoutMs: (secondsOf(values.budget) + 300) * 1_000,
  environment: { ...process.env, FUZZ_BUDGET: values.budget },
  signal: interruption.signal,
})
process.exit(isWell ? 0 : 1)
