import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { TopicPage as Topic } from '../../../../src/ops/contract/topics.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/page.tsx'
import { StateMark } from '../../parts/state-mark.tsx'

type Partition = Topic['partition_list'][number]
type Setting = Topic['settings'][number]

const partitionColumns: readonly Column<Partition>[] = [
  { name: 'Partition', cell: ({ partition }) => partition },
  {
    name: 'Leader',
    cell: ({ leader }) => (leader === null ? <StateMark mark="broken">none</StateMark> : `broker ${leader}`),
  },
  { name: 'Replicas', cell: ({ replicas }) => replicas.join(', ') },
  {
    name: 'In sync',
    cell: ({ in_sync: inSync, replicas }) =>
      inSync.length === replicas.length ? (
        inSync.join(', ')
      ) : (
        <StateMark mark="warning">{inSync.join(', ') || 'none'}</StateMark>
      ),
  },
  { name: 'First offset', kind: 'number', cell: ({ first_offset: first }) => formatCount(first) },
  { name: 'End offset', kind: 'number', cell: ({ end_offset: end }) => formatCount(end) },
  {
    name: 'Records',
    kind: 'number',
    cell: ({ first_offset: first, end_offset: end }) => formatCount(end - first),
  },
]

export function Partitions({ topic }: { topic: Topic }) {
  return (
    <Panel>
      <DataTable
        label="Partitions"
        columns={partitionColumns}
        rows={topic.partition_list}
        keyOf={({ partition }) => partition}
      />
    </Panel>
  )
}

const groupColumns: readonly Column<Topic['groups'][number]>[] = [
  {
    name: 'Group',
    cell: ({ group }) => (
      <Anchor component={Link} href={`/groups/${encodeURIComponent(group)}`} size="sm" underline="always">
        {group}
      </Anchor>
    ),
  },
  { name: 'Lag, records', kind: 'number', cell: ({ lag }) => formatCount(lag) },
]

export function Groups({ topic }: { topic: Topic }) {
  return (
    <Panel>
      <DataTable
        label="Groups"
        columns={groupColumns}
        rows={topic.groups}
        keyOf={({ group }) => group}
        empty={<Empty title="Nobody reads it">No group has committed an offset on this topic.</Empty>}
      />
    </Panel>
  )
}

const settingColumns: readonly Column<Setting>[] = [
  { name: 'Setting', kind: 'code', cell: ({ name }) => name },
  { name: 'Is', kind: 'code', cell: ({ has }) => has || '(empty)' },
  { name: 'Declared', cell: (setting) => <Declared setting={setting} /> },
]

export function Settings({ topic }: { topic: Topic }) {
  return (
    <Panel>
      <DataTable label="Settings" columns={settingColumns} rows={topic.settings} keyOf={({ name }) => name} />
    </Panel>
  )
}

function Declared({ setting: { has, wants } }: { setting: Setting }) {
  if (wants === null) {
    return (
      <Text size="xs" c="dimmed" span>
        not declared
      </Text>
    )
  }
  return has === wants ? 'the same' : <StateMark mark="warning">{wants}</StateMark>
}
