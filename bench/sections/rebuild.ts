import type { Section } from '../bench.ts'
import { seedReviews } from '../load/seed.ts'

export const rebuildSection: Section = {
  letter: 'g',
  title: 'Rebuild of the statistics from the log, with its start',
  async run({ target, sizes, say }) {
    const missing = sizes.rebuildEvents - (await target.events())
    if (missing > 0) {
      say(`${missing.toLocaleString('en')} reviews more, and their effects`)
      await seedReviews(target, missing, 200)
    }
    await target.untilQuiet()
    say('the rebuild')
    const began = performance.now()
    const { code, stdout, output } = await target.thereview('rebuild', 'analytics', '--json')
    const seconds = (performance.now() - began) / 1_000
    if (code !== 0) throw new Error(`thereview rebuild analytics failed:\n${output}`)
    const { events, drifting, switch_ms } = JSON.parse(stdout) as {
      events: number
      drifting: number
      switch_ms: number
    }
    return [
      {
        id: 'g.rebuild',
        label: `thereview rebuild analytics, ${events.toLocaleString('en')} events`,
        figures: [
          { name: 'rate', value: events / seconds, unit: '/s' },
          { name: 'whole', value: seconds, unit: 's' },
          { name: 'writers waited', value: switch_ms, unit: 'ms' },
          { name: 'entities that differed', value: drifting, unit: '' },
        ],
      },
    ]
  },
}
