import { until } from '../support/until.ts'
import type { FaultCase } from './fault-case.ts'
import { cannotMount, SmallDisk } from './small-disk.ts'

const part = 'kafka-3'

/** A broker whose only disk is full halts, and halts again at each start until there is room. */
export const fullDisk: FaultCase = {
  name: "a broker's disk full, and freed",
  cannotRun: cannotMount,
  async harm(system) {
    const { stack } = system
    await stack.stopPart(part)
    const disk = await SmallDisk.inPlaceOf(stack.home.data(part))
    try {
      await stack.startPart(part)
      await system.untilInSync()
      const ended = system.pidOf(part)
      const { restarts } = stack.part(part)
      await disk.fill()
      await until('it has halted, and halted again', () => stack.part(part).restarts >= restarts + 2, {
        timeoutMs: 120_000,
      })
      await disk.free()
      await system.untilReadyAgain(part, ended)
      await system.untilInSync()
    } finally {
      await stack.stopPart(part)
      await disk.remove()
    }
    await stack.startPart(part)
    await system.untilInSync()
    return undefined
  },
}
