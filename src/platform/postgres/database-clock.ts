import type { Queryable } from './pool.ts'

export interface DatabaseClock {
  /** What time it is for the database, which all processes share, whatever the clock of this one's host says. */
  now(): Date
  stop(): void
}

const everyMs = 30_000

/** Measures how far this host's clock is from the database's, now and from time to time. */
export async function startDatabaseClock(db: Queryable): Promise<DatabaseClock> {
  let aheadMs = await measure(db)
  const timer = setInterval(() => {
    // Postgres is away: clocks do not drift by much until it is back.
    measure(db).then(
      (measured) => {
        aheadMs = measured
      },
      () => undefined,
    )
  }, everyMs)
  timer.unref()
  return { now: () => new Date(Date.now() - aheadMs), stop: () => clearInterval(timer) }
}

/** How many milliseconds this host is ahead of the database. The answer is taken to be from half-way. */
async function measure(db: Queryable): Promise<number> {
  const asked = Date.now()
  const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now')
  const answered = Date.now()
  const theirs = rows[0]?.now.getTime() ?? answered
  return (asked + answered) / 2 - theirs
}
