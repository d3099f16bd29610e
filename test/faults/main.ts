/**
 * Harms a whole system of its own under load, case by case, and checks after each that nothing is lost or counted
 * twice, and that no more mails came again than may. Exits with 0 only if every case held.
 *
 *     npm run test:faults
 *     npm run test:faults -- --list
 *     npm run test:faults -- --only redis           a regular expression
 *     npm run test:faults -- --write        also puts the table into docs/reliability.md
 */
import { parseArgs } from 'node:util'
import { gating } from './cases.ts'
import { type FaultReport, FaultRun } from './fault-case.ts'
import { reportLine, type SkippedCase, writeTable } from './fault-report.ts'
import { further } from './further-cases.ts'
import { System } from './system.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const all = [...gating, ...further]
const cases = all.slice(Number(values.from) - 1).filter(({ name }) => new RegExp(values.only).test(name))

if (values.list || cases.length === 0) {
  if (cases.length === 0) console.error(`No case has ${JSON.stringify(values.only)} in its name. There are:`)
  for (const [index, { name }] of all.entries()) console.log(`${String(index + 1).padStart(2)}  ${name}`)
  process.exit(values.list ? 0 : 2)
}

let system = await start()
let run = new FaultRun(system)
const reports: FaultReport[] = []
const skipped: SkippedCase[] = []
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void system.stop().finally(() => process.exit(130)))
}
try {
  for (const [index, fault] of cases.entries()) {
    const reason = await fault.cannotRun?.()
    if (reason !== undefined) {
      skipped.push({ name: fault.name, reason })
      console.log(`skip ${fault.name}\n       ${reason}`)
      continue
    }
    const report = await run.run(fault)
    reports.push(report)
    console.log(reportLine(report))
    // What a failed case leaves behind is not the next one's to answer for.
    if (report.findings.length > 0 && index < cases.length - 1) {
      await system.stop()
      system = await start()
      run = new FaultRun(system)
    }
  }
} finally {
  await system.stop()
}
if (values.write) await writeTable(reports, skipped)
const failed = reports.filter(({ findings }) => findings.length > 0).length
const left = skipped.length === 0 ? '' : `, ${skipped.length} skipped`
console.log(`\n${reports.length - failed} passed, ${failed} failed${left}`)
process.exit(failed === 0 ? 0 : 1)

async function start(): Promise<System> {
  console.log('starting a stack of its own …')
  const started = await System.start()
  console.log(`its logs: ${started.stack.home.folder}`)
  return started
}
