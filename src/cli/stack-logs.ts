import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import { homeAt } from '../launcher/home.ts'
import { followLog, tailOf } from '../launcher/log-files.ts'
import { partNames } from '../launcher/part.ts'
import { StackError } from '../launcher/stack-error.ts'
import { readableLine } from './stack-log-line.ts'

type Options = { part: string | undefined; follow: boolean; lines: number | undefined }

/** Works without a running stack too: what a part said last is often why it does not run. */
export async function logs(folder: string, { part, follow, lines }: Options): Promise<void> {
  const home = homeAt(folder)
  const names = part ? [part] : partNames.filter((name) => existsSync(home.log(name)))
  if (part && !existsSync(home.log(part)) && !follow) {
    throw new StackError(`There is no log of ${part} yet: ${home.log(part)}`)
  }
  const print = (name: string, line: string) => {
    const readable = process.stdout.isTTY ? readableLine(line) : line
    process.stdout.write(part ? `${readable}\n` : `${styleText('cyan', name.padEnd(19))} ${readable}\n`)
  }
  for (const name of names) {
    const tail = tailOf(home.log(name), lines ?? (part ? 50 : 5))
    for (const line of tail.split('\n').filter(Boolean)) print(name, line)
  }
  if (!follow) return
  const followed = (part ? [part] : partNames).map((name) => ({ name, read: followLog(home.log(name)) }))
  while (true) {
    for (const { name, read } of followed) for (const line of read()) print(name, line)
    await sleep(200)
  }
}
