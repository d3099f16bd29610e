import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'
import type { TopicPage } from '../../../../src/ops/contract/topics.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf, formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { useMay } from '../../parts/session.ts'
import { MessageDrawer } from './message-drawer.tsx'
import { MessageTable } from './message-table.tsx'
import { type Scan, type ScanQuery, useMessages } from './use-messages.ts'

const starts = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'From the oldest' },
  { value: 'offset', label: 'From an offset' },
  { value: 'time', label: 'From a moment' },
]

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
      <Progress scan={scan} isTailing={isTailing} />
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

interface QueryFormProps {
  readonly topic: TopicPage
  readonly query: ScanQuery
  readonly isTailing: boolean
  readonly onQuery: (query: ScanQuery) => void
  readonly onTail: (on: boolean) => void
}

function QueryForm({ topic, query, isTailing, onQuery, onTail }: QueryFormProps) {
  const [draft, setDraft] = useState(query)
  const maySearchValues = useMay('operator')
  const given = JSON.stringify(query)
  useEffect(() => setDraft(JSON.parse(given) as ScanQuery), [given])
  const change = (more: Partial<ScanQuery>) => setDraft({ ...draft, ...more })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onQuery(draft)
  }
  const text = (name: 'key' | 'value' | 'header' | 'type', label: string, more: object = {}) => (
    <TextInput
      size="xs"
      label={label}
      value={draft[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value || null })}
      w={118}
      {...more}
    />
  )
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end" p="md" pb="xs">
        <Select
          size="xs"
          label="Start"
          data={starts}
          value={draft.from}
          onChange={(from) => onQuery({ ...draft, from: from ?? 'newest', offset: null, at: null })}
          allowDeselect={false}
          disabled={isTailing}
          w={118}
        />
        <Select
          size="xs"
          label="Partition"
          data={topic.partition_list.map(({ partition }) => String(partition))}
          value={draft.partition}
          onChange={(partition) => onQuery({ ...draft, partition })}
          placeholder="all"
          clearable
          disabled={isTailing}
          w={76}
        />
        {draft.from === 'offset' && !isTailing && (
          <TextInput
            size="xs"
            label="Offset"
            inputMode="numeric"
            value={draft.offset ?? ''}
            onChange={(event) => change({ offset: event.currentTarget.value.replace(/\D/g, '') || null })}
            w={110}
          />
        )}
        {draft.from === 'time' && !isTailing && (
          <TextInput
            size="xs"
            type="datetime-local"
            step={1}
            label="Moment"
            value={toLocal(draft.at)}
            onChange={(event) =>
              change({
                at:
                  event.currentTarget.value === '' ? null : new Date(event.currentTarget.value).toISOString(),
              })
            }
          />
        )}
        {text('key', 'Key has', { 'data-search': true })}
        {text('type', 'Type begins with', { placeholder: 'review.' })}
        {text('header', 'Header', { placeholder: 'name=text' })}
        {text('value', 'Value has', {
          disabled: !maySearchValues,
          title: maySearchValues ? undefined : 'This needs the role operator',
        })}
        <Button size="xs" type="submit">
          Search
        </Button>
        <Button
          size="xs"
          variant={isTailing ? 'filled' : 'default'}
          color={isTailing ? 'red' : 'cyan'}
          onClick={() => onTail(!isTailing)}
        >
          {isTailing ? 'Stop watching' : 'Watch live'}
        </Button>
      </Group>
    </form>
  )
}

/** What `datetime-local` wants: local time without zone. */
function toLocal(at: string | null): string {
  if (at === null) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

function Progress({ scan, isTailing }: { scan: Scan; isTailing: boolean }) {
  const { state, scanned, messages, skipped, cancel, reason } = scan
  const ended = { limit: 'more may match', end: 'that is all', bound: 'stopped at its bound' } as const
  return (
    <Group justify="space-between" px="md" pb="xs" mih={30}>
      <Text size="xs" c="dimmed" className="num" role="status">
        {isTailing
          ? `${countOf(messages.length, 'record')} since you watch${skipped > 0 ? `, ${formatCount(skipped)} too many to show` : ''}`
          : `${countOf(messages.length, 'record')} of ${formatCount(scanned)} read${state === 'done' && reason ? `: ${ended[reason]}` : ''}`}
      </Text>
      {state === 'running' && !isTailing && (
        <Button size="compact-xs" variant="default" onClick={cancel}>
          Cancel
        </Button>
      )}
    </Group>
  )
}
