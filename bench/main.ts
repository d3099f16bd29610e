/**
 * Measures TheReview, see README.md.
 *
 *     npm run bench
 *     npm run bench -- --help
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Flags, help, parseFlags, UsageError } from './flags.ts'
import { compareWith, withNothing } from './report/compare.ts'
import { performancePage, readPage, writePage } from './report/performance-page.ts'
import { fileNameOf, type Report } from './report/report.ts'
import { BenchRun } from './run.ts'

class Interrupted extends Error {}

const results = join(import.meta.dirname, 'results')

try {
  const flags = parseFlags(process.argv.slice(2))
  if (flags === 'help') console.log(help)
  else await main(flags)
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\nnpm run bench -- --help shows what there is.`)
    process.exit(2)
  }
  console.error(error instanceof Interrupted ? error.message : error)
  process.exit(1)
}

async function main(flags: Flags): Promise<void> {
  if (flags.write) await readPage(performancePage)
  const compare = flags.against === null ? withNothing : await compareWith(flags.against)
  const out = flags.json ? process.stderr : process.stdout
  const say = (text: string) => out.write(`${seconds()}  ${text}\n`)
  const run = new BenchRun({ flags, compare, say, print: (text) => out.write(text) })

  const interrupted = Promise.withResolvers<never>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      interrupted.reject(new Interrupted(`Ended by ${signal}, and so is the stack.`)),
    )
  }
  try {
    const report = await Promise.race([run.run(), interrupted.promise])
    await keep(report, flags, say)
  } finally {
    await run.stop()
  }
  process.exit()
}

async function keep(report: Report, flags: Flags, say: (text: string) => void): Promise<void> {
  await mkdir(results, { recursive: true })
  const file = join(results, fileNameOf(report))
  const text = `${JSON.stringify(report, null, 2)}\n`
  await writeFile(file, text)
  if (flags.json) process.stdout.write(text)
  if (flags.write) await writePage(performancePage, report)
  say(`all of it: ${file}`)
}

function seconds(): string {
  return `${(performance.now() / 1_000).toFixed(0).padStart(5)} s`
}
