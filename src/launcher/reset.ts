import { readlink, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Home } from './home.ts'
import { clearLeftovers } from './orphans.ts'
import { StackError } from './stack-error.ts'

/** Deletes what stacks keep in a home, by name, since a home may be a folder that holds other things too. */
export async function reset(home: Home): Promise<void> {
  const ended = await clearLeftovers(home)
  if (!ended) throw new StackError('The stack is running. End it first: npm run stop')
  const shelter = await readlink(home.data('postgres')).catch(() => undefined)
  if (shelter) await rm(dirname(shelter), { recursive: true, force: true })
  for (const name of ['data', 'logs', 'secrets.json', 'run.json', 'lock']) {
    await rm(join(home.folder, name), { recursive: true, force: true })
  }
  await rm(home.socket, { force: true })
}
