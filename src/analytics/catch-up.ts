import { readAfter } from '../platform/log/stored-event.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { changesOf } from './log-changes.ts'
import { project } from './project.ts'
import type { Projection } from './projection-store.ts'

const chunk = 1_000

/** Applies the events of the log after a position, to its head. Returns the position of the last. */
export async function catchUp(db: Queryable, projection: Projection, after: number): Promise<number> {
  let position = after
  for (;;) {
    const events = await readAfter(db, position, chunk)
    const changes = changesOf(events)
    if (changes.length > 0) await project(db, projection, changes)
    position = events.at(-1)?.position ?? position
    if (events.length < chunk) return position
  }
}
