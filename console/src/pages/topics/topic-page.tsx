import { Anchor, Stack, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useParams } from 'wouter'
import type { TopicPage as Topic } from '../../../../src/ops/contract/topics.ts'
import { useTopic } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Figures } from '../../parts/figures.tsx'
import { formatBytes, formatCount, formatRate, formatRetention } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { DeleteDialog, RetentionDialog } from './change-dialogs.tsx'
import { InSync } from './in-sync.tsx'
import { Messages } from './messages.tsx'
import { Groups, Partitions, Settings } from './topic-tables.tsx'

export function TopicPage() {
  const { topic: encoded = '' } = useParams()
  const name = decodeURIComponent(encoded)
  const query = useTopic(name)
  return (
    <Page
      title={name}
      about={
        <Anchor component={Link} href="/topics" size="sm">
          ← Topics
        </Anchor>
      }
      actions={query.data && <Actions topic={query.data} />}
    >
      <Loaded query={query} rows={12}>
        {(topic) => <Content topic={topic} />}
      </Loaded>
    </Page>
  )
}

function Actions({ topic }: { topic: Topic }) {
  const [retentionOpened, retention] = useDisclosure(false)
  const [deleteOpened, deletion] = useDisclosure(false)
  const blocked = topic.ours ? 'It belongs to TheReview: its declaration is in the code' : undefined
  const act = { needs: 'admin', blocked, variant: 'default', size: 'xs' } as const
  return (
    <>
      <ActButton {...act} onAct={retention.open}>
        Retention…
      </ActButton>
      <ActButton {...act} onAct={deletion.open}>
        Delete…
      </ActButton>
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
          ['In sync', <InSync key="sync" topic={topic} />],
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
