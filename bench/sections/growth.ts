import type { Section } from '../bench.ts'
import type { Row } from '../figure.ts'
import { measureBatches } from '../load/batches.ts'
import { runEndToEnd } from '../load/end-to-end.ts'
import { changeBetween, growTo, measureAt } from '../load/growth.ts'
import { million } from '../sizes.ts'
import { rowOf } from './end-to-end.ts'

const connections = [1, 4, 16, 64, 256]

export const growthSection: Section = {
  letter: 'h',
  title: 'Growth: with what is stored, with one hot entity, with how much comes at once',
  async run(bench) {
    const { sizes, say } = bench
    const [smallest = 0] = sizes.growth
    if ((await bench.target.events()) > smallest) {
      say('starting the stack anew, without data')
      await bench.startAnew()
    }
    const { target } = bench
    const rows: Row[] = []
    for (const size of sizes.growth) {
      say(`${size.toLocaleString('en')} stored`)
      await growTo(target, size)
      rows.push(await measureAt(target, size, sizes.growthReviews))
    }
    const [first, last] = [rows[0], rows.at(-1)]
    if (first && last && first !== last) rows.push(changeOf(first, last))

    say('one hot entity')
    const hot = await runEndToEnd(target, { reviews: sizes.growthReviews, entities: 1 })
    rows.push(rowOf('h.hot', `${sizes.growthReviews.toLocaleString('en')} reviews of one entity`, hot))
    for (const count of connections) {
      say(`batches over ${count} of ${connections.join(', ')} connections`)
      rows.push(await measureBatches(target, count, sizes.shortMs))
    }
    return rows
  },
}

function changeOf(first: Row, last: Row): Row {
  const isWhole = last.id === `h.${million}`
  return {
    id: isWhole ? 'h.growth' : 'h.growth-in-part',
    label: 'the last of these to the first',
    figures: changeBetween(first, last),
    ...(!isWhole && { note: `--million goes on to ${million.toLocaleString('en')}` }),
  }
}
