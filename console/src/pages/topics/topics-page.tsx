import { Badge, Button, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconListDetails, IconSearch } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { TopicRow } from '../../../../src/ops/contract/topics.ts'
import { useTopics } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { formatBytes, formatCount, formatRate, formatRetention } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { useMay } from '../../parts/session.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { CreateDialog } from './create-dialog.tsx'

export function TopicsPage() {
  const { data: topics, error, refetch } = useTopics()
  const [url, setUrl] = useUrlState()
  const [createOpened, create] = useDisclosure(false)
  const mayCreate = useMay('admin')
  const text = url('q') ?? ''
  const shown = topics?.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
  return (
    <Page
      title="Topics"
      about="Where records lie, how many, and for how long."
      actions={
        <>
          <TextInput
            size="xs"
            w={220}
            placeholder="Filter by name"
            aria-label="Filter by name"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={text}
            onChange={(event) => setUrl({ q: event.currentTarget.value }, 'replace')}
            data-search
          />
          <Button
            size="xs"
            variant="default"
            onClick={create.open}
            disabled={!mayCreate}
            title={mayCreate ? undefined : 'This needs the role admin'}
          >
            Create…
          </Button>
        </>
      }
    >
      {error && !topics ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <Panel>
          {!shown ? (
            <TableSkeleton rows={7} />
          ) : shown.length === 0 ? (
            <Empty
              title={text === '' ? 'No topics' : `No topic has “${text}” in its name`}
              icon={IconListDetails}
            >
              {text === '' && 'Create those that are declared: npm run -s thereview -- topics apply'}
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={900} type="native">
              <TopicTable topics={shown} />
            </Table.ScrollContainer>
          )}
        </Panel>
      )}
      <CreateDialog opened={createOpened} onClose={create.close} />
    </Page>
  )
}

function TopicTable({ topics }: { topics: readonly TopicRow[] }) {
  const [, navigate] = useLocation()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Topic</Table.Th>
          <Table.Th ta="right">Partitions</Table.Th>
          <Table.Th ta="right">Replicas</Table.Th>
          <Table.Th>In sync</Table.Th>
          <Table.Th ta="right">Records</Table.Th>
          <Table.Th ta="right">Size</Table.Th>
          <Table.Th ta="right">Rate</Table.Th>
          <Table.Th ta="right">Kept</Table.Th>
          <Table.Th ta="right">Lag</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {topics.map((topic) => (
          <RowLink
            key={topic.name}
            label={topic.name}
            onOpen={() => navigate(`/topics/${encodeURIComponent(topic.name)}`)}
          >
            <Table.Td>
              <Text size="sm" fw={600} span>
                {topic.name}
              </Text>{' '}
              {!topic.ours && (
                <Badge size="xs" variant="light" color="gray">
                  not ours
                </Badge>
              )}
            </Table.Td>
            <Table.Td ta="right">{topic.partitions}</Table.Td>
            <Table.Td ta="right">{topic.replication_factor}</Table.Td>
            <Table.Td>
              {topic.partitions_at_risk === 0 ? (
                <StateMark mark="ok">all</StateMark>
              ) : (
                <StateMark mark="warning">{topic.partitions_at_risk} at risk</StateMark>
              )}
            </Table.Td>
            <Table.Td ta="right">{formatCount(topic.records)}</Table.Td>
            <Table.Td ta="right">{formatBytes(topic.bytes)}</Table.Td>
            <Table.Td ta="right">{formatRate(topic.rate)}</Table.Td>
            <Table.Td ta="right">{formatRetention(topic.retention_ms)}</Table.Td>
            <Table.Td ta="right">
              {topic.groups.length === 0 ? (
                <Text size="xs" c="dimmed" span>
                  no readers
                </Text>
              ) : (
                formatCount(Math.max(...topic.groups.map(({ lag }) => lag)))
              )}
            </Table.Td>
          </RowLink>
        ))}
      </Table.Tbody>
    </Table>
  )
}
