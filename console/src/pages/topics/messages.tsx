import { IconInbox } from '@tabler/icons-react'
import type { TopicPage } from '../../../../src/ops/contract/topics.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { MessageDrawer } from './message-drawer.tsx'
import { MessageTable } from './message-table.tsx'
import { QueryForm } from './query-form.tsx'
import { ScanProgress } from './scan-progress.tsx'
import { type ScanQuery, useMessages } from './use-messages.ts'

/** What lies on a topic: found by place and by content, or watched as it comes. */
export function Messages({ topic }: { topic: TopicPage }) {
  const [url, setUrl] = useUrlState()
  const query: ScanQuery = {
    from: url('from') ?? 'newest',
    partition: url('partition'),
    offset: url('offset'),
    at: url('at'),
    key: url('key'),
    value: url('value'),
    header: url('header'),
    type: url('type'),
  }
  const isTailing = url('live') === '1'
  const scan = useMessages(topic.name, query, isTailing)
  const opened = url('message')
  return (
    <Panel>
      <QueryForm
        topic={topic}
        query={query}
        isTailing={isTailing}
        onQuery={(wanted) => setUrl({ ...wanted, message: null })}
        onTail={(on) => setUrl({ live: on ? '1' : null, message: null })}
      />
      <ScanProgress topic={topic.name} scan={scan} isTailing={isTailing} />
      {scan.error !== null && (
        <div style={{ padding: '0 16px 16px' }}>
          <Failure error={scan.error} />
        </div>
      )}
      {scan.messages.length === 0 && scan.state !== 'running' ? (
        <Empty title="Nothing found" icon={IconInbox}>
          {scan.reason === 'bound'
            ? 'So far nothing matches: a scan ends after 100,000 records or 20 seconds. Start it further on.'
            : 'No record matches. Search with less, or from another place.'}
        </Empty>
      ) : scan.messages.length === 0 && isTailing ? (
        <Empty title="Waiting for records" icon={IconInbox}>
          What comes from now on shows up here.
        </Empty>
      ) : (
        <MessageTable
          messages={scan.messages}
          opened={opened}
          onOpen={(place) => setUrl({ message: place })}
        />
      )}
      <MessageDrawer topic={topic.name} place={opened} onClose={() => setUrl({ message: null })} />
    </Panel>
  )
}
