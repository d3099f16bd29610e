import { homeAt } from '../launcher/home.ts'
import { clearLeftovers } from '../launcher/orphans.ts'
import type { PartName } from '../launcher/part.ts'
import { reset } from '../launcher/reset.ts'
import { StackError } from '../launcher/stack-error.ts'
import { clientOf, notRunning } from './stack-client.ts'

export async function down(folder: string): Promise<void> {
  if (await clientOf(folder).down()) return say('Stopped.')
  const ended = await clearLeftovers(homeAt(folder))
  if (ended === undefined)
    throw new StackError('The stack is just starting or stopping. Try again in a moment.')
  if (ended.length === 0) return say(`Nothing is running in ${folder}.`)
  say(`The supervisor had been killed. Ended what it left: ${ended.join(', ')}.`)
}

export async function resetData(folder: string): Promise<void> {
  await reset(homeAt(folder))
  say(`Deleted the data in ${folder}. Downloads stay.`)
}

export async function steer(
  folder: string,
  part: PartName,
  action: 'start' | 'stop' | 'restart',
): Promise<void> {
  const result = await clientOf(folder).steer(part, action)
  if (!result) throw notRunning(folder)
  if (action === 'stop') say(`${part} is stopped, until you start it: npm run -s thereview -- start ${part}`)
  else say(result.waitsFor ? `${part} runs, and ${result.waitsFor}` : `${part} is ready`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
