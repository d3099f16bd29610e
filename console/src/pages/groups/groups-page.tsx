import { Text } from '@mantine/core'
import { IconHierarchy2 } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { GroupSummary } from '../../../../src/ops/contract/groups.ts'
import { useGroups } from '../../api/queries.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { formatCount, formatRate, formatSeconds } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { GroupMark } from './group-mark.tsx'
import classes from './groups-page.module.css'

const columns: readonly Column<GroupSummary>[] = [
  { name: 'Group', cell: (group) => <Name group={group} /> },
  { name: 'State', cell: (group) => <GroupMark group={group} /> },
  { name: 'Members', kind: 'number', cell: ({ members }) => members },
  {
    name: 'Lag, records',
    kind: 'number',
    cell: ({ lag }) => formatCount(lag),
    strong: ({ lag }) => lag > 0,
  },
  { name: 'Lag, age', kind: 'number', cell: ({ lag_seconds: seconds }) => formatSeconds(seconds) },
  { name: 'Rate', kind: 'number', cell: ({ rate }) => formatRate(rate) },
  { name: 'Caught up in', kind: 'number', cell: catchUp },
]

/** Who reads, how far they are behind, and whether they catch up. */
export function GroupsPage() {
  const query = useGroups()
  const [, navigate] = useLocation()
  return (
    <Page title="Consumer groups" about="Who reads, how far each is behind, and when it will have caught up.">
      <Panel>
        <Loaded query={query} rows={4}>
          {(groups) => (
            <DataTable
              label="Consumer groups"
              columns={columns}
              rows={groups}
              keyOf={({ group }) => group}
              empty={
                <Empty title="No consumer groups" icon={IconHierarchy2}>
                  The workers make theirs when they start: npm start
                </Empty>
              }
              open={{
                labelOf: ({ group }) => group,
                onOpen: ({ group }) => navigate(`/groups/${encodeURIComponent(group)}`),
              }}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  )
}

function Name({ group }: { group: GroupSummary }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {group.group}
      </Text>
      <Text size="xs" c="dimmed" className={classes.topics}>
        {group.topics.join(', ') || 'nothing committed yet'}
        {!group.ours && ' · not declared by TheReview'}
      </Text>
    </>
  )
}

export function catchUp({ lag, catch_up_seconds: seconds }: GroupSummary): string {
  if (lag === 0) return 'caught up'
  return seconds === null ? 'not shrinking' : `about ${formatSeconds(seconds)}`
}
