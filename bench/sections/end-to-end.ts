import type { Section } from '../bench.ts'
import type { Row } from '../figure.ts'
import { type EndToEnd, runEndToEnd } from '../load/end-to-end.ts'
import { failureNote } from '../load/figures.ts'

export const endToEndSection: Section = {
  letter: 'd',
  title: 'End to end, over 200 entities: statistics agree with a count, mails in the inbox, caches cleared',
  async run({ target, sizes, say }) {
    const rows: Row[] = []
    for (const reviews of sizes.endToEnd) {
      say(`${reviews.toLocaleString('en')} reviews`)
      const label = `${reviews.toLocaleString('en')} reviews`
      rows.push(rowOf(`d.${reviews}`, label, await runEndToEnd(target, { reviews })))
    }
    return rows
  },
}

export function rowOf(id: string, label: string, run: EndToEnd): Row {
  return {
    id,
    label,
    figures: [
      { name: 'end to end', value: run.eventsPerSecond, unit: '/s' },
      { name: 'counted', value: run.accepted / run.agreed, unit: '/s' },
      { name: 'accepted', value: run.accepted / run.answered, unit: '/s' },
      { name: 'answered', value: run.answered, unit: 's' },
      { name: 'statistics', value: run.agreed, unit: 's' },
      { name: 'mails', value: run.mailed, unit: 's' },
      { name: 'caches', value: run.cleared, unit: 's' },
      { name: 'offsets', value: run.committed, unit: 's' },
      { name: 'sent again', value: run.posted.retried, unit: '' },
    ],
    ...failureNote(run.posted),
  }
}
