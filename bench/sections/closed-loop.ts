import type { Section } from '../bench.ts'
import { driveFigures, failureNote } from '../load/figures.ts'

export const closedLoopSection: Section = {
  letter: 'b',
  title: 'POST, closed loop, 64 connections, all workers consuming',
  async run({ target, limits, say }) {
    say('single-row inserts, to compare with')
    const inserts = await limits.inserts()
    say('posts')
    const posts = await limits.posts()
    const answered = performance.now()
    await target.untilQuiet()
    const behind = (performance.now() - answered) / 1_000
    const rate = posts.completed / posts.seconds
    return [
      { id: 'b.post', label: 'POST', figures: driveFigures(posts), ...failureNote(posts) },
      {
        id: 'b.ratio',
        label: 'POST to single-row inserts of this run',
        figures: [
          { name: 'ratio', value: rate / inserts, unit: '×' },
          { name: 'inserts', value: inserts, unit: '/s' },
        ],
      },
      {
        id: 'b.behind',
        label: 'from the last answer until the workers had caught up',
        figures: [{ name: 'time', value: behind, unit: 's' }],
      },
    ]
  },
}
