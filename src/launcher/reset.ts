import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from './home.ts'
import { clearLeftovers } from './orphans.ts'
import { shelterFor } from './parts/postgres-place.ts'
import { StackError } from './stack-error.ts'

/** Deletes what stacks keep in a home, by name, since a home may be a folder that holds other things too. */
export async function reset(home: Home): Promise<void> {
  const ended = await clearLeftovers(home)
  if (!ended) throw new StackError('The stack is running. End it first: npm run stop')
  await rm(shelterFor(home.data('postgres')), { recursive: true, force: true })
  for (const name of ['data', 'logs', 'secrets.json', 'run.json', 'lock']) {
    await rm(join(home.folder, name), { recursive: true, force: true })
  }
  await rm(home.socket, { force: true })
}
