import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { PartName } from '../../src/launcher/part.ts'
import { memoryOf } from '../../src/launcher/processes.ts'
import { check } from './checker.ts'
import { mailsUnderWay } from './mails-under-way.ts'
import { growth, type MemorySample } from './memory-trend.ts'
import { startLoad } from './recorded-load.ts'
import { System } from './system.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } })
const minutes = Number(values.minutes)
if (!Number.isInteger(minutes) || minutes < 1) {
  console.error(`--minutes is ${JSON.stringify(values.minutes)}: it wants a whole number above 0`)
  process.exit(2)
}

const faultEveryMs = 60_000
const sampleEveryMs = 5_000
const judgedMs = 20 * 60_000
const mostGrowth = 0.05
const killable: readonly PartName[] = [
  'kafka-1',
  'kafka-2',
  'kafka-3',
  'postgres',
  'redis',
  'api',
  'relay',
  'notification-worker',
  'analytics-worker',
  'cache-worker',
]

console.log('starting a stack of its own …')
const system = await System.start()
const memoryFile = join(system.stack.home.folder, 'memory.csv')
appendFileSync(memoryFile, 'at,part,pid,age_s,resident_mb\n')
console.log(`logs: ${system.stack.home.folder}, memory: ${memoryFile}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // What the harm under way does not find any more is no news, and must not end the process before its stack.
    process.on('uncaughtException', () => undefined)
    void system.stop().finally(() => process.exit(130))
  })
}
const load = startLoad(system.apiUrl, `soak-${Date.now().toString(36)}`)
const memory = new Map<PartName, MemorySample[]>()
const sampling = setInterval(sample, sampleEveryMs)
const end = Date.now() + minutes * 60_000
let mailWorkerKills = 0

while (Date.now() < end) {
  const due = Date.now() + faultEveryMs
  await harm()
  while (Date.now() < Math.min(due, end)) await pause(200)
}

await load.stop()
clearInterval(sampling)
await system.untilQuiet(300_000)
const verdict = await check(system, load.record, { repeatedMails: mailWorkerKills * mailsUnderWay })
const growing = [...memory].flatMap(([part, samples]) => {
  const grown = growth(samples.filter(({ at }) => at > end - judgedMs))
  console.log(`${part.padEnd(20)} memory ${(grown * 100).toFixed(1)} %`)
  return minutes > 20 && grown > mostGrowth ? [`${part} grew by ${(grown * 100).toFixed(1)} %`] : []
})
await system.stop()

const findings = [...verdict.findings, ...growing]
for (const finding of findings.slice(0, 20)) console.log(`FAIL ${finding}`)
const { acknowledged, uncertain } = load.record
console.log(
  `${acknowledged.length} writes acknowledged, ${uncertain} unanswered, ${verdict.events} events; repeats: ` +
    `${verdict.repeatedRecords} records, ${verdict.repeatedMails} mails; lost ${verdict.findings.length}`,
)
console.log(`\n${findings.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed'}`)
process.exitCode = findings.length === 0 ? 0 : 1

async function harm(): Promise<void> {
  const part = killable[Math.floor(Math.random() * killable.length)] ?? 'relay'
  const freezes = Math.random() < 0.3
  console.log(`${new Date().toISOString().slice(11, 19)} ${freezes ? 'freezing' : 'killing'} ${part}`)
  if (part === 'notification-worker') mailWorkerKills += 1
  if (!freezes) return system.killUntilReady(part)
  await system.whileFrozen(part, () => pause(8_000))
}

function sample(): void {
  const at = Date.now()
  for (const status of system.stack.status()) {
    const { name, pid, startedAt } = status
    if (pid === undefined || startedAt === undefined) continue
    const bytes = memoryOf(pid)
    if (bytes === undefined) continue
    const age = at - startedAt.getTime()
    const samples = memory.get(name) ?? []
    samples.push({ at, age, bytes })
    appendFileSync(
      memoryFile,
      `${new Date(at).toISOString()},${name},${pid},${(age / 1e3).toFixed()},${(bytes / 2 ** 20).toFixed(1)}\n`,
    )
    memory.set(name, samples)
  }
}
