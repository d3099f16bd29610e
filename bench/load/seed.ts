import { join } from 'node:path'
import { runChild } from '../driver/child.ts'
import type { Target } from '../stack/target.ts'
import { newRunId } from './reviews.ts'
import type { SeedPlan } from './seed-process.ts'

const file = join(import.meta.dirname, 'seed-process.ts')
/** So many await their effects at most, as little beside what is stored. */
const portion = 100_000

/**
 * Stores reviews faster than HTTP could, each with its event, and waits until all effects are there.
 * @returns the run, by whose plan the entities are named
 */
export async function seedReviews(target: Target, reviews: number, entities: number): Promise<string> {
  const runId = newRunId()
  const url = target.addresses.DATABASE_URL ?? ''
  for (let stored = 0; stored < reviews; stored += portion) {
    const plan = { url, entities, reviews: Math.min(portion, reviews - stored) }
    await runChild<SeedPlan, object>(file, { ...plan, runId: stored === 0 ? runId : newRunId() })
    await target.untilQuiet()
  }
  return runId
}
