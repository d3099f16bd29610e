import { setTimeout as pause } from 'node:timers/promises'
import type { PartName } from '../../src/launcher/part.ts'
import { until } from '../support/until.ts'
import { between } from './between-cases.ts'
import type { FaultCase } from './fault-case.ts'
import { mailsUnderWay } from './mails-under-way.ts'
import { poisonRecords } from './poison-case.ts'
import { everyEventTwice, replayedTwiceAtOnce } from './repeat-cases.ts'
import { readsRightAfterWrites } from './stale-reads-case.ts'
import type { System } from './system.ts'

const killed = (part: PartName): FaultCase => ({
  name: `${part} killed under load`,
  async harm(system) {
    await system.killUntilReady(part)
    return part === 'notification-worker' ? { repeatedMails: mailsUnderWay } : {}
  },
})

/** Killed again and again, at moments that nobody chose: between an effect and its commit too. */
const killedRepeatedly = (part: PartName, times: number): FaultCase => ({
  name: `${part} killed ${times} times, at any moment of its work`,
  async harm(system) {
    for (let n = 0; n < times; n++) {
      await pause(300 + Math.random() * 1_200)
      await system.killUntilReady(part)
    }
    return part === 'notification-worker' ? { repeatedMails: times * mailsUnderWay } : {}
  },
})

async function killBroker(system: System, part: PartName): Promise<undefined> {
  await system.killUntilReady(part)
}

/** These gate: none of them may ever lose or repeat anything. */
export const gating: readonly FaultCase[] = [
  {
    name: 'a leader killed with batches under way',
    harm: async (system) => killBroker(system, await system.leader()),
  },
  {
    name: 'two of three brokers killed and brought back',
    async harm(system) {
      await Promise.all([system.killAndHold('kafka-1'), system.killAndHold('kafka-2')])
      await pause(3_000)
      await Promise.all([system.stack.startPart('kafka-1'), system.stack.startPart('kafka-2')])
      return undefined
    },
  },
  {
    name: 'the controller killed',
    harm: async (system) => killBroker(system, await system.controller()),
  },
  {
    name: 'every broker killed in its turn: leaders, and the coordinator of each group',
    async harm(system) {
      for (const part of ['kafka-1', 'kafka-2', 'kafka-3'] as const) {
        await system.killUntilReady(part)
        await system.untilInSync()
      }
      return undefined
    },
  },
  killed('api'),
  killedRepeatedly('relay', 3),
  killedRepeatedly('analytics-worker', 3),
  killedRepeatedly('cache-worker', 3),
  killedRepeatedly('notification-worker', 3),
  {
    name: 'the relay frozen beyond its lease while another takes over, and thawed',
    async harm(system) {
      const stopOther = system.startAnother('relay')
      const { epoch } = await system.relayLease()
      await system.whileFrozen('relay', async () => {
        await until('the other has the lease', async () => (await system.relayLease()).epoch > epoch, {
          timeoutMs: 30_000,
        })
        await pause(1_000)
      })
      await pause(1_000)
      await stopOther()
      return undefined
    },
  },
  killed('postgres'),
  killed('redis'),
  {
    name: 'the mail server away for a while',
    async harm(system) {
      await system.inbox.stop()
      await pause(5_000)
      await system.inbox.start()
      return {}
    },
  },
  ...between,
  poisonRecords,
  everyEventTwice,
  replayedTwiceAtOnce,
  readsRightAfterWrites,
]
