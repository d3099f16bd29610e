import { Text } from '@mantine/core'
import type { Letter } from '../../../../src/ops/contract/dead-letters.ts'
import { type LetterFilter, useLetters } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Copyable } from '../../parts/copyable.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { formatCount } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Panel } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { shortId } from '../../parts/short-id.ts'
import { LetterStateMark } from './letter-state.tsx'

const columns: readonly Column<Letter>[] = [
  { name: 'Letter', cell: ({ letter_id: id }) => id, strong: true },
  { name: 'Key', cell: ({ record_key: key }) => <Key of={key} /> },
  { name: 'Event', cell: ({ event_type: type }) => type ?? <Without text="no event" /> },
  {
    name: 'Error',
    maxWidth: 300,
    cell: ({ error_code: code, error_message: message }) => (
      <Text size="xs" span title={message}>
        {message || code}
      </Text>
    ),
  },
  { name: 'Attempts', kind: 'number', cell: ({ attempts }) => formatCount(attempts) },
  { name: 'Replays', kind: 'number', cell: ({ replays }) => replays },
  { name: 'State', cell: ({ state }) => <LetterStateMark state={state} /> },
  { name: 'Failed', cell: ({ failed_at: at }) => <Ago at={at} /> },
]

interface LettersProps {
  readonly filter: LetterFilter
  readonly after: string | null
  readonly opened: string | null
  readonly onPage: (after: string | null) => void
  readonly onOpen: (id: number) => void
}

export function Letters({ filter, after, opened, onPage, onOpen }: LettersProps) {
  const query = useLetters(filter, after)
  return (
    <Panel title={`Letters of ${filter.consumer_group ?? 'all groups'}`}>
      <Loaded query={query} rows={8}>
        {({ items, next_after: next }) => (
          <>
            <DataTable
              label="Letters"
              columns={columns}
              rows={items}
              keyOf={({ letter_id: id }) => id}
              empty={<Empty title="None any more">They were replayed, resolved or discarded since.</Empty>}
              open={{
                labelOf: ({ letter_id: id }) => `Letter ${id}`,
                onOpen: ({ letter_id: id }) => onOpen(id),
                isSelected: ({ letter_id: id }) => opened === String(id),
              }}
            />
            <Pager names={['From the first', 'Next']} at={after} next={next} onPage={onPage} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Key({ of: key }: { of: string | null }) {
  if (key === null) return <Without text="no key" />
  return <Copyable text={key} shown={shortId(key)} label="the key" />
}

function Without({ text }: { text: string }) {
  return (
    <Text size="xs" c="dimmed" span>
      {text}
    </Text>
  )
}
