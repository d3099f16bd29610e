import type { ReviewList } from '../../src/client/types.gen.ts'
import type { Section } from '../bench.ts'
import type { DriveResult } from '../driver/plan.ts'
import type { Row } from '../figure.ts'
import { driveFigures, failureNote } from '../load/figures.ts'
import { listPaths, manyListPaths, read, readOnce, statsPaths } from '../load/reads.ts'
import { newRunId, postReviews, reviewsPath } from '../load/reviews.ts'
import { seedReviews } from '../load/seed.ts'

const entities = 200
const reviewsEach = 50

export const readsSection: Section = {
  letter: 'f',
  title: 'Reads, closed loop, 64 connections, while nobody writes',
  async run({ target, sizes, limits, say }) {
    say('reviews to read')
    const runId = newRunId()
    const count = entities * reviewsEach
    await postReviews(target, { pace: { kind: 'count', count }, entities, runId })
    const cold = await seedReviews(target, sizes.coldEntities, sizes.coldEntities)
    say('a bare Fastify, to compare with')
    const echo = await limits.echo()

    const echoRate = echo.completed / echo.seconds
    const pace = { kind: 'closed', warmUpMs: 1_000, measuredMs: sizes.shortMs } as const
    const rows: Row[] = []
    const add = (id: string, label: string, result: DriveResult) => {
      const ofEcho = {
        name: 'of the echo',
        value: result.completed / result.seconds / echoRate,
        unit: '×',
      } as const
      rows.push({ id, label, figures: [...driveFigures(result), ofEcho], ...failureNote(result) })
    }
    say('statistics')
    add('f.stats-cached', 'statistics, cached', await read(target, statsPaths(runId, entities), pace))
    add(
      'f.stats-cold',
      'statistics, not cached',
      await readOnce(target, statsPaths(cold, sizes.coldEntities)),
    )
    say('lists')
    add('f.list-cached', 'list of 20, cached', await read(target, listPaths(runId, entities), pace))
    add('f.list-cold', 'list of 20 to 29, not cached', await readOnce(target, manyListPaths(runId, entities)))
    say('reviews')
    const [first = ''] = listPaths(runId, 1)
    const page = await fetch(`http://${target.host}:${target.port}${first}&limit=100`)
    const { items } = (await page.json()) as ReviewList
    const paths = items.map(({ review_id }) => `${reviewsPath}/${review_id}`)
    add('f.review', 'one review, which is never cached', await read(target, paths, pace))
    return rows
  },
}
