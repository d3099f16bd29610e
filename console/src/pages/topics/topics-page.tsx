import { Badge, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconListDetails, IconSearch } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { TopicRow } from '../../../../src/ops/contract/topics.ts'
import { useTopics } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { formatBytes, formatCount, formatRate, formatRetention } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { CreateDialog } from './create-dialog.tsx'
import { InSync } from './in-sync.tsx'

const columns: readonly Column<TopicRow>[] = [
  { name: 'Topic', cell: (topic) => <Name topic={topic} /> },
  { name: 'Partitions', kind: 'number', cell: ({ partitions }) => partitions },
  { name: 'Replicas', kind: 'number', cell: ({ replication_factor: replicas }) => replicas },
  { name: 'In sync', cell: (topic) => <InSync topic={topic} /> },
  { name: 'Records', kind: 'number', cell: ({ records }) => formatCount(records) },
  { name: 'Size', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) },
  { name: 'Rate', kind: 'number', cell: ({ rate }) => formatRate(rate) },
  { name: 'Kept', kind: 'number', cell: ({ retention_ms: milliseconds }) => formatRetention(milliseconds) },
  { name: 'Lag', kind: 'number', cell: (topic) => <MostLag topic={topic} /> },
]

export function TopicsPage() {
  const query = useTopics()
  const [url, setUrl] = useUrlState()
  const [createOpened, create] = useDisclosure(false)
  const [, navigate] = useLocation()
  const text = url('q') ?? ''
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
          <ActButton needs="admin" size="xs" variant="default" onAct={create.open}>
            Create…
          </ActButton>
        </>
      }
    >
      <Panel>
        <Loaded query={query} rows={7}>
          {(topics) => (
            <DataTable
              label="Topics"
              columns={columns}
              rows={topics.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))}
              keyOf={({ name }) => name}
              empty={
                <Empty
                  title={text === '' ? 'No topics' : `No topic has “${text}” in its name`}
                  icon={IconListDetails}
                >
                  {text === '' && 'Create those that are declared: npm run -s thereview -- topics apply'}
                </Empty>
              }
              open={{
                labelOf: ({ name }) => name,
                onOpen: ({ name }) => navigate(`/topics/${encodeURIComponent(name)}`),
              }}
            />
          )}
        </Loaded>
      </Panel>
      <CreateDialog opened={createOpened} onClose={create.close} />
    </Page>
  )
}

function Name({ topic }: { topic: TopicRow }) {
  return (
    <>
      <Text size="sm" fw={600} span>
        {topic.name}
      </Text>{' '}
      {!topic.ours && (
        <Badge size="xs" variant="light" color="gray">
          not ours
        </Badge>
      )}
    </>
  )
}

function MostLag({ topic: { groups } }: { topic: TopicRow }) {
  if (groups.length > 0) return formatCount(Math.max(...groups.map(({ lag }) => lag)))
  return (
    <Text size="xs" c="dimmed" span>
      no readers
    </Text>
  )
}
