import { styleText } from 'node:util'
import { describeTopic, listTopics, type TopicDetails, type TopicSummary } from '../ops/topics.ts'
import { duration } from './duration.ts'
import { table } from './table.ts'
import { withAdmin } from './with-kafka.ts'

export async function showList(asJson: boolean): Promise<void> {
  const topics = await withAdmin(listTopics)
  const none = 'The cluster has no topics of ours. Create them: npm run -s thereview -- topics apply\n'
  process.stdout.write(
    asJson ? `${JSON.stringify({ topics }, null, 2)}\n` : topics.length === 0 ? none : listText(topics),
  )
}

export async function showTopic(name: string, asJson: boolean): Promise<void> {
  const topic = await withAdmin((admin, config) =>
    describeTopic(admin, name, config.KAFKA_REPLICATION_FACTOR),
  )
  process.stdout.write(asJson ? `${JSON.stringify(topic, null, 2)}\n` : topicText(topic))
}

export function listText(topics: readonly TopicSummary[]): string {
  const columns = [
    { title: 'TOPIC' },
    { title: 'PARTITIONS', align: 'right' },
    { title: 'REPLICAS', align: 'right' },
    { title: 'MIN ISR', align: 'right' },
    { title: 'RETENTION', align: 'right' },
    { title: 'RECORDS', align: 'right' },
    { title: 'AT RISK', align: 'right' },
  ] as const
  const rows = topics.map((topic) => [
    topic.name,
    `${topic.partitions}`,
    `${topic.replication_factor}`,
    `${topic.min_insync_replicas}`,
    duration(topic.retention_ms),
    topic.records.toLocaleString('en'),
    topic.partitions_at_risk === 0 ? '0' : styleText('red', `${topic.partitions_at_risk}`),
  ])
  return table(columns, rows)
}

export function topicText(topic: TopicDetails): string {
  const facts = [
    ['key', topic.key ?? 'not declared by TheReview'],
    ['events', topic.event_types.join(', ') || 'none of its own'],
    ['retention', duration(topic.retention_ms)],
    ['records', topic.records.toLocaleString('en')],
  ] as const
  const partitions = table(
    [
      { title: 'PARTITION', align: 'right' },
      { title: 'LEADER', align: 'right' },
      { title: 'REPLICAS' },
      { title: 'IN SYNC' },
      { title: 'FIRST', align: 'right' },
      { title: 'END', align: 'right' },
    ],
    topic.partition_list.map((one) => {
      const inSync = one.in_sync.join(',')
      return [
        `${one.partition}`,
        one.leader === null ? styleText('red', 'none') : `${one.leader}`,
        one.replicas.join(','),
        one.in_sync.length < one.replicas.length ? styleText('red', inSync) : inSync,
        `${one.first_offset}`,
        `${one.end_offset}`,
      ]
    }),
  )
  const settings = table(
    [{ title: 'SETTING' }, { title: 'IS' }, { title: 'DECLARED' }],
    topic.settings.map(({ name, has, wants }) => [
      name,
      has === wants ? has : styleText('yellow', has),
      wants,
    ]),
  )
  return [
    `${styleText('bold', topic.name)}\n`,
    ...facts.map(([name, value]) => `${name.padEnd(11)}${value}\n`),
    `\n${partitions}`,
    ...(topic.settings.length > 0 ? [`\n${settings}`] : []),
  ].join('')
}
