import { styleText } from 'node:util'
import { type GroupLag, lagOfGroups } from '../ops/lag.ts'
import { table } from './table.ts'
import { withAdmin } from './with-kafka.ts'

export async function showLag(only: readonly string[], asJson: boolean): Promise<void> {
  const groups = await withAdmin((admin) => lagOfGroups(admin, only))
  process.stdout.write(asJson ? `${JSON.stringify({ groups }, null, 2)}\n` : lagText(groups))
}

export function lagText(groups: readonly GroupLag[]): string {
  const overview = table(
    [
      { title: 'GROUP' },
      { title: 'STATE' },
      { title: 'MEMBERS', align: 'right' },
      { title: 'LAG', align: 'right' },
    ],
    groups.map(({ group, state, members, lag, partitions }) => [
      group,
      state,
      `${members}`,
      partitions.length === 0 ? 'has never read' : paint(lag),
    ]),
  )
  const partitions = groups.flatMap(({ group, partitions }) =>
    partitions.map((one) => [
      group,
      one.topic,
      `${one.partition}`,
      one.committed === null ? '-' : `${one.committed}`,
      `${one.end}`,
      one.lag === null ? '-' : paint(one.lag),
      one.reader ?? styleText('dim', 'nobody'),
    ]),
  )
  if (partitions.length === 0) return overview
  const columns = [
    { title: 'GROUP' },
    { title: 'TOPIC' },
    { title: 'PARTITION', align: 'right' },
    { title: 'COMMITTED', align: 'right' },
    { title: 'END', align: 'right' },
    { title: 'LAG', align: 'right' },
    { title: 'READER' },
  ] as const
  return `${overview}\n${table(columns, partitions)}`
}

function paint(lag: number): string {
  return styleText(lag === 0 ? 'green' : 'yellow', lag.toLocaleString('en'))
}
