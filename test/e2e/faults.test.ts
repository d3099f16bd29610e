import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { between } from '../faults/between-cases.ts'
import { gating } from '../faults/cases.ts'
import { FaultRun } from '../faults/fault-case.ts'
import { System } from '../faults/system.ts'

// Six of the cases of `npm run test:faults`, which runs them all: docs/reliability.md.
const names = [
  'a leader killed with batches under way',
  'api killed under load',
  'the relay killed between acknowledgement and cursor',
  'the analytics worker killed between effect and commit',
  'the notification worker killed between the SMTP answer and the ledger',
  'postgres killed under load',
]
const cases = names.map(
  (name) => [...gating, ...between].find((fault) => fault.name === name) ?? assert.fail(name),
)

let system: System | undefined
let run: FaultRun

before(async () => {
  system = await System.start()
  run = new FaultRun(system)
})

after(() => system?.stop())

for (const fault of cases) {
  test(`nothing is lost or counted twice: ${fault.name}`, async () => {
    const { findings, operations } = await run.run(fault)
    assert.deepEqual(findings, [])
    assert.ok(operations > 0)
  })
}
