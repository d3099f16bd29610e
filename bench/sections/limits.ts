import type { Section } from '../bench.ts'
import type { Figure } from '../figure.ts'
import { driveFigures } from '../load/figures.ts'

const rate = (value: number): readonly Figure[] => [{ name: 'rate', value, unit: '/s' }]

export const limitsSection: Section = {
  letter: 'a',
  title: 'Limits of this machine, with the same parts, driver and body',
  async run({ limits, say }) {
    say('a bare Fastify')
    const echo = await limits.echo()
    say('Postgres')
    const inserts = await limits.inserts()
    const commits = await limits.commits(32)
    const alone = await limits.commits(1)
    say('Kafka')
    const { produced, consumed } = await limits.kafka()
    const records = `${Math.round(produced.bytesPerRecord)} bytes each`
    return [
      {
        id: 'a.echo',
        label: 'bare Fastify, echo of the body, 64 connections',
        figures: driveFigures(echo),
      },
      {
        id: 'a.inserts',
        label: 'Postgres, one row a transaction, 32 connections',
        figures: rate(inserts),
      },
      { id: 'a.commits', label: 'Postgres, commits alone, 32 connections', figures: rate(commits) },
      { id: 'a.commits-1', label: 'Postgres, commits alone, 1 connection', figures: rate(alone) },
      {
        id: 'a.produce',
        label: 'Kafka, produce: snappy, batches of 500, RF 3, acks all',
        figures: rate(produced.perSecond),
        note: records,
      },
      { id: 'a.consume', label: 'Kafka, consume', figures: rate(consumed.perSecond), note: records },
    ]
  },
}
