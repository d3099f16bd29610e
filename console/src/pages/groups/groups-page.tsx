import { Table, Text } from '@mantine/core'
import { IconHierarchy2 } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { GroupSummary } from '../../../../src/ops/contract/groups.ts'
import { useGroups } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { formatCount, formatRate, formatSeconds } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { GroupMark } from './group-mark.tsx'

/** Who reads, how far they are behind, and whether they catch up. */
export function GroupsPage() {
  const { data: groups, error, refetch } = useGroups()
  return (
    <Page title="Consumer groups" about="Who reads, how far each is behind, and when it will have caught up.">
      {error && !groups ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Panel>
          {!groups ? (
            <TableSkeleton rows={4} />
          ) : groups.length === 0 ? (
            <Empty title="No consumer groups" icon={IconHierarchy2}>
              The workers make theirs when they start: npm start
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={820} type="native">
              <GroupTable groups={groups} />
            </Table.ScrollContainer>
          )}
        </Panel>
      )}
    </Page>
  )
}

function GroupTable({ groups }: { groups: readonly GroupSummary[] }) {
  const [, navigate] = useLocation()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Members</Table.Th>
          <Table.Th ta="right">Lag, records</Table.Th>
          <Table.Th ta="right">Lag, age</Table.Th>
          <Table.Th ta="right">Rate</Table.Th>
          <Table.Th ta="right">Caught up in</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map((group) => (
          <RowLink
            key={group.group}
            label={group.group}
            onOpen={() => navigate(`/groups/${encodeURIComponent(group.group)}`)}
          >
            <Table.Td>
              <Text size="sm" fw={600}>
                {group.group}
              </Text>
              <Text size="xs" c="dimmed">
                {group.topics.join(', ') || 'nothing committed yet'}
                {!group.ours && ' · not declared by TheReview'}
              </Text>
            </Table.Td>
            <Table.Td>
              <GroupMark group={group} />
            </Table.Td>
            <Table.Td ta="right">{group.members}</Table.Td>
            <Table.Td ta="right" fw={group.lag > 0 ? 650 : 400}>
              {formatCount(group.lag)}
            </Table.Td>
            <Table.Td ta="right">{formatSeconds(group.lag_seconds)}</Table.Td>
            <Table.Td ta="right">{formatRate(group.rate)}</Table.Td>
            <Table.Td ta="right">{catchUp(group)}</Table.Td>
          </RowLink>
        ))}
      </Table.Tbody>
    </Table>
  )
}

export function catchUp({ lag, catch_up_seconds: seconds }: GroupSummary): string {
  if (lag === 0) return 'caught up'
  return seconds === null ? 'not shrinking' : `about ${formatSeconds(seconds)}`
}
