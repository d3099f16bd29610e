import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MemberOptions } from './group-member.ts'

/** What a member of a group has done, line by line as it wrote it. */
export interface Effect {
  readonly partition: number
  readonly value: Buffer
}

/** Starts consumers as processes, and reads what all of them have done. */
export function groupMembers(common: Omit<MemberOptions, 'journal' | 'instanceId'>) {
  const folder = mkdtempSync(join(tmpdir(), 'members-'))
  const started: { process: ChildProcess; journal: string }[] = []

  const effectsIn = (journal: string): Effect[] =>
    (existsSync(journal) ? readFileSync(journal, 'utf8') : '')
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' '))
      .map(([partition, value]) => ({ partition: Number(partition), value: Buffer.from(value ?? '') }))

  return {
    start(instanceId: string | null = null) {
      const journal = join(folder, `${started.length}`)
      const options: MemberOptions = { ...common, instanceId, journal }
      const script = join(import.meta.dirname, 'group-member.ts')
      const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: 'inherit' })
      started.push({ process: child, journal })
      return {
        effects: () => effectsIn(journal),
        signal: (name: NodeJS.Signals) => child.kill(name),
        async end(name: NodeJS.Signals) {
          if (child.exitCode !== null || child.signalCode !== null) return
          child.kill(name)
          await once(child, 'exit')
        },
      }
    },
    effects: () => started.flatMap(({ journal }) => effectsIn(journal)),
    async endAll() {
      for (const { process: child } of started) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        child.kill('SIGCONT')
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true })
    },
  }
}
