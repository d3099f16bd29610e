/**
 * Harms a whole system of its own under load, case by case, and checks after each that nothing is lost and nothing
 * is done twice. Exits with 0 only if every case held.
 *
 *     npm run test:faults
 *     npm run test:faults -- --list
 *     npm run test:faults -- --only redis           a regular expression
 *     npm run test:faults -- --write        also puts the table into docs/reliability.md
 */
import { parseArgs } from 'node:util'
import { gating } from './cases.ts'
import { type FaultReport, FaultRun } from './fault-case.ts'
import { reportLine, writeTable } from './fault-report.ts'
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

console.log('starting a stack of its own …')
const system = await System.start()
console.log(`its logs: ${system.stack.home.folder}`)
const run = new FaultRun(system)
const reports: FaultReport[] = []
try {
  for (const fault of cases) {
    const report = await run.run(fault)
    reports.push(report)
    console.log(reportLine(report))
  }
} finally {
  await system.stop()
}
if (values.write) await writeTable(reports)
const failed = reports.filter(({ findings }) => findings.length > 0).length
console.log(`\n${reports.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
