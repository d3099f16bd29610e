import { IconListNumbers, IconUsers } from '@tabler/icons-react'
import type { GroupDetails, GroupMember, GroupPartition } from '../../../../src/ops/contract/groups.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { formatCount, formatSeconds } from '../../parts/format.ts'
import { rangesOf } from './ranges-of.ts'

const partitionColumns: readonly Column<GroupPartition>[] = [
  { name: 'Topic', cell: ({ topic }) => topic },
  { name: 'Partition', kind: 'number', cell: ({ partition }) => partition },
  {
    name: 'Committed',
    kind: 'number',
    cell: ({ committed }) => (committed === null ? 'none' : formatCount(committed)),
  },
  { name: 'End', kind: 'number', cell: ({ end }) => formatCount(end) },
  {
    name: 'Lag, records',
    kind: 'number',
    cell: ({ lag }) => (lag === null ? '–' : formatCount(lag)),
    strong: ({ lag }) => (lag ?? 0) > 0,
  },
  { name: 'Lag, age', kind: 'number', cell: ({ lag_seconds: seconds }) => formatSeconds(seconds) },
  { name: 'Member', kind: 'code', cell: ({ member }) => member ?? 'nobody' },
]

export function Partitions({ group }: { group: GroupDetails }) {
  return (
    <DataTable
      label="Partitions"
      columns={partitionColumns}
      rows={group.partitions}
      keyOf={({ topic, partition }) => `${topic} ${partition}`}
      empty={
        <Empty title="Nothing committed yet" icon={IconListNumbers}>
          The group shows its partitions with its first commit.
        </Empty>
      }
    />
  )
}

const memberColumns: readonly Column<GroupMember>[] = [
  { name: 'Member', kind: 'code', cell: ({ member_id: id }) => id },
  { name: 'Client', cell: ({ client_id: id }) => id },
  { name: 'Host', cell: ({ host }) => host },
  { name: 'Reads', kind: 'prose', cell: ({ partitions }) => rangesOf(partitions) || 'nothing' },
]

export function Members({ group }: { group: GroupDetails }) {
  return (
    <DataTable
      label="Members"
      columns={memberColumns}
      rows={group.member_list}
      keyOf={({ member_id: id }) => id}
      empty={
        <Empty title="No members" icon={IconUsers}>
          Its worker is stopped. It goes on from what was committed.
        </Empty>
      }
    />
  )
}
