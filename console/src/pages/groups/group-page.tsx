import { Anchor, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconListNumbers, IconUsers } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'wouter'
import type { GroupDetails } from '../../../../src/ops/contract/groups.ts'
import { useGroup, useOverview } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Figures } from '../../parts/figures.tsx'
import { countOf, formatCount, formatRate, formatSeconds } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { useMay } from '../../parts/session.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { Problems } from '../home/problems.tsx'
import { GroupMark } from './group-mark.tsx'
import { catchUp } from './groups-page.tsx'
import { ResetDialog } from './reset-dialog.tsx'

const LagChart = lazy(() => import('./lag-chart.tsx').then(({ LagChart: chart }) => ({ default: chart })))

export function GroupPage() {
  const { group: name = '' } = useParams()
  const group = decodeURIComponent(name)
  const { data, error, refetch } = useGroup(group)
  const [resetOpened, reset] = useDisclosure(false)
  const mayReset = useMay('admin')

  return (
    <Page
      title={group}
      about={
        <Anchor component={Link} href="/groups" size="sm">
          ← Consumer groups
        </Anchor>
      }
      actions={
        <Button
          variant="default"
          size="xs"
          onClick={reset.open}
          disabled={!data || !mayReset}
          title={mayReset ? undefined : 'This needs the role admin'}
        >
          Reset offsets…
        </Button>
      }
    >
      {error && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <Content group={data} />
      ) : (
        <TableSkeleton rows={12} />
      )}
      {data && <ResetDialog group={data} opened={resetOpened} onClose={reset.close} />}
    </Page>
  )
}

function Content({ group }: { group: GroupDetails }) {
  const overview = useOverview()
  const own = (overview.data?.problems ?? []).filter(({ where }) => where === `group:${group.group}`)
  return (
    <Stack gap="md">
      <Problems problems={own.map((problem) => ({ ...problem, link: null }))} />
      <Figures
        items={[
          ['State', <GroupMark key="state" group={group} />],
          ['Members', formatCount(group.members)],
          ['Lag', countOf(group.lag, 'record')],
          ['Oldest unread', formatSeconds(group.lag_seconds)],
          ['Rate', formatRate(group.rate)],
          ['Catches up', catchUp(group)],
        ]}
      />
      <Panel title="Lag in the last hour">
        <Suspense fallback={<Skeleton height={220} m="md" />}>
          <LagChart points={group.history} />
        </Suspense>
      </Panel>
      <Panel
        title="Partitions"
        aside={
          <Text size="xs" c="dimmed">
            {group.coordinator !== null && `coordinated by broker ${group.coordinator}`}
          </Text>
        }
      >
        {group.partitions.length === 0 ? (
          <Empty title="Nothing committed yet" icon={IconListNumbers}>
            The group shows its partitions with its first commit.
          </Empty>
        ) : (
          <Partitions group={group} />
        )}
      </Panel>
      <Panel title="Members">
        {group.member_list.length === 0 ? (
          <Empty title="No members" icon={IconUsers}>
            Its worker is stopped. It goes on from what was committed.
          </Empty>
        ) : (
          <Members group={group} />
        )}
      </Panel>
    </Stack>
  )
}

function Partitions({ group }: { group: GroupDetails }) {
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Topic</Table.Th>
            <Table.Th ta="right">Partition</Table.Th>
            <Table.Th ta="right">Committed</Table.Th>
            <Table.Th ta="right">End</Table.Th>
            <Table.Th ta="right">Lag, records</Table.Th>
            <Table.Th ta="right">Lag, age</Table.Th>
            <Table.Th>Member</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {group.partitions.map((one) => (
            <Table.Tr key={`${one.topic} ${one.partition}`}>
              <Table.Td>{one.topic}</Table.Td>
              <Table.Td ta="right">{one.partition}</Table.Td>
              <Table.Td ta="right">{one.committed === null ? 'none' : formatCount(one.committed)}</Table.Td>
              <Table.Td ta="right">{formatCount(one.end)}</Table.Td>
              <Table.Td ta="right" fw={one.lag ? 650 : 400}>
                {one.lag === null ? '–' : formatCount(one.lag)}
              </Table.Td>
              <Table.Td ta="right">{formatSeconds(one.lag_seconds)}</Table.Td>
              <Table.Td>
                <Text size="xs" ff="monospace" truncate maw={220}>
                  {one.member ?? 'nobody'}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Members({ group }: { group: GroupDetails }) {
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Member</Table.Th>
            <Table.Th>Client</Table.Th>
            <Table.Th>Host</Table.Th>
            <Table.Th>Reads</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {group.member_list.map((member) => (
            <Table.Tr key={member.member_id}>
              <Table.Td>
                <Text size="xs" ff="monospace">
                  {member.member_id}
                </Text>
              </Table.Td>
              <Table.Td>{member.client_id}</Table.Td>
              <Table.Td>{member.host}</Table.Td>
              <Table.Td>
                <Text size="xs">{member.partitions.join(', ') || 'nothing'}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
