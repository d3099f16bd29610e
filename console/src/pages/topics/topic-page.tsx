import { Anchor, Button, Stack, Table, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useParams } from 'wouter'
import type { TopicPage as Topic } from '../../../../src/ops/contract/topics.ts'
import { useTopic } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Figures } from '../../parts/figures.tsx'
import { formatBytes, formatCount, formatRate, formatRetention } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { useMay } from '../../parts/session.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { DeleteDialog, RetentionDialog } from './change-dialogs.tsx'
import { Messages } from './messages.tsx'

export function TopicPage() {
  const { topic: encoded = '' } = useParams()
  const name = decodeURIComponent(encoded)
  const { data, error, refetch } = useTopic(name)
  return (
    <Page
      title={name}
      about={
        <Anchor component={Link} href="/topics" size="sm">
          ← Topics
        </Anchor>
      }
      actions={data && <Actions topic={data} />}
    >
      {error && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <Content topic={data} />
      ) : (
        <TableSkeleton rows={12} />
      )}
    </Page>
  )
}

function Actions({ topic }: { topic: Topic }) {
  const [retentionOpened, retention] = useDisclosure(false)
  const [deleteOpened, deletion] = useDisclosure(false)
  const mayChange = useMay('admin') && !topic.ours
  const why = topic.ours ? 'It belongs to TheReview: its declaration is in the code' : undefined
  return (
    <>
      <Button variant="default" size="xs" onClick={retention.open} disabled={!mayChange} title={why}>
        Retention…
      </Button>
      <Button variant="default" size="xs" onClick={deletion.open} disabled={!mayChange} title={why}>
        Delete…
      </Button>
      <RetentionDialog topic={topic} opened={retentionOpened} onClose={retention.close} />
      <DeleteDialog topic={topic} opened={deleteOpened} onClose={deletion.close} />
    </>
  )
}

function Content({ topic }: { topic: Topic }) {
  const [url, setUrl] = useUrlState()
  return (
    <Stack gap="md">
      <Figures
        items={[
          ['Records', formatCount(topic.records)],
          ['Size', formatBytes(topic.bytes)],
          ['Rate', formatRate(topic.rate)],
          ['Kept', formatRetention(topic.retention_ms)],
          ['Partitions', `${topic.partitions} × ${topic.replication_factor}`],
          [
            'In sync',
            <StateMark key="sync" mark={topic.partitions_at_risk === 0 ? 'ok' : 'warning'}>
              {topic.partitions_at_risk === 0 ? 'all' : `${topic.partitions_at_risk} at risk`}
            </StateMark>,
          ],
        ]}
      />
      <Tabs
        value={url('tab') ?? 'messages'}
        onChange={(tab) => setUrl({ tab: tab === 'messages' ? null : tab }, 'replace')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="messages">Messages</Tabs.Tab>
          <Tabs.Tab value="partitions">Partitions</Tabs.Tab>
          <Tabs.Tab value="groups">Groups ({topic.groups.length})</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="messages">
          <Messages topic={topic} />
        </Tabs.Panel>
        <Tabs.Panel value="partitions">
          <Partitions topic={topic} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups topic={topic} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings topic={topic} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function Partitions({ topic }: { topic: Topic }) {
  return (
    <Panel>
      <Table.ScrollContainer minWidth={620} type="native">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">Partition</Table.Th>
              <Table.Th>Leader</Table.Th>
              <Table.Th>Replicas</Table.Th>
              <Table.Th>In sync</Table.Th>
              <Table.Th ta="right">First offset</Table.Th>
              <Table.Th ta="right">End offset</Table.Th>
              <Table.Th ta="right">Records</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {topic.partition_list.map((one) => (
              <Table.Tr key={one.partition}>
                <Table.Td ta="right">{one.partition}</Table.Td>
                <Table.Td>
                  {one.leader === null ? <StateMark mark="broken">none</StateMark> : `broker ${one.leader}`}
                </Table.Td>
                <Table.Td>{one.replicas.join(', ')}</Table.Td>
                <Table.Td>
                  {one.in_sync.length === one.replicas.length ? (
                    one.in_sync.join(', ')
                  ) : (
                    <StateMark mark="warning">{one.in_sync.join(', ') || 'none'}</StateMark>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatCount(one.first_offset)}</Table.Td>
                <Table.Td ta="right">{formatCount(one.end_offset)}</Table.Td>
                <Table.Td ta="right">{formatCount(one.end_offset - one.first_offset)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  )
}

function Groups({ topic }: { topic: Topic }) {
  return (
    <Panel>
      {topic.groups.length === 0 ? (
        <Empty title="Nobody reads it">No group has committed an offset on this topic.</Empty>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Group</Table.Th>
              <Table.Th ta="right">Lag, records</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {topic.groups.map(({ group, lag }) => (
              <Table.Tr key={group}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    href={`/groups/${encodeURIComponent(group)}`}
                    size="sm"
                    underline="always"
                  >
                    {group}
                  </Anchor>
                </Table.Td>
                <Table.Td ta="right">{formatCount(lag)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}

function Settings({ topic }: { topic: Topic }) {
  return (
    <Panel>
      {topic.settings.length === 0 ? (
        <Empty title="Not declared by TheReview">Its settings are its owner’s business.</Empty>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>Is</Table.Th>
              <Table.Th>Declared</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {topic.settings.map(({ name, has, wants }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Text size="xs" ff="monospace">
                    {name}
                  </Text>
                </Table.Td>
                <Table.Td>{has}</Table.Td>
                <Table.Td>
                  {has === wants ? 'the same' : <StateMark mark="warning">{wants}</StateMark>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}
