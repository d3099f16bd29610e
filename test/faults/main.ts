import { parseArgs } from 'node:util'
import { gating } from './cases.ts'
import { type FaultReport, FaultRun } from './fault-case.ts'
import { further } from './further-cases.ts'
import { System } from './system.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, from: { type: 'string', default: '1' } },
})
const cases = [...gating, ...further]
  .slice(Number(values.from) - 1)
  .filter(({ name }) => !values.only || name.includes(values.only))

function line({
  name,
  findings,
  operations,
  uncertain,
  worstVisibleMs,
  quietAfterMs,
  repeatedRecords,
  repeatedMails,
}: FaultReport) {
  const verdict = findings.length === 0 ? 'ok  ' : 'FAIL'
  return (
    `${verdict} ${name.padEnd(60)} visible again after ${seconds(worstVisibleMs)}, quiet ${seconds(quietAfterMs)} later; ` +
    `${operations} operations, ${uncertain} unanswered; repeats: ${repeatedRecords} records, ${repeatedMails} mails; ` +
    `lost ${findings.filter((finding) => finding.startsWith('lost')).length}`
  )
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`

console.log('starting a stack of its own …')
const system = await System.start()
console.log(`logs: ${system.stack.home.folder}`)
const run = new FaultRun(system)
let failed = 0
try {
  for (const fault of cases) {
    const report = await run.run(fault)
    console.log(line(report))
    for (const finding of report.findings.slice(0, 10)) console.log(`       ${finding}`)
    if (report.findings.length > 0) failed += 1
  }
} finally {
  await system.stop()
}
console.log(`\n${cases.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
