import { Button, Group, Stack, TextInput } from '@mantine/core'
import { IconRoute, IconSearch } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useJourney } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { countOf } from '../../parts/format.ts'
import { Page, Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { EventLife } from './event-life.tsx'

const words = { review: 'review', event: 'event', correlation: 'correlation id', trace: 'trace' } as const

/** Paste an id, and see the life of what it names. */
export function JourneyPage() {
  const [url, setUrl] = useUrlState()
  const id = url('id') ?? ''
  return (
    <Page title="Journey" about="The life of a review or an event, from the request to each effect.">
      <Search id={id} onSearch={(wanted) => setUrl({ id: wanted })} />
      {id === '' ? (
        <Panel>
          <Empty title="Paste an id" icon={IconRoute}>
            A review id, an event id, a correlation id (X-Correlation-Id) or a trace id, as it stands in
            answers, logs and errors.
          </Empty>
        </Panel>
      ) : (
        <Found id={id} />
      )}
    </Page>
  )
}

function Search({ id, onSearch }: { id: string; onSearch: (id: string) => void }) {
  const [text, setText] = useState(id)
  useEffect(() => setText(id), [id])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(text.trim())
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label="Id of a review, an event, a request or a trace"
          placeholder="019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text').trim()
            if (pasted !== '' && event.currentTarget.value === '') onSearch(pasted)
          }}
          ff="monospace"
          flex={1}
          data-search
        />
        <Button type="submit" disabled={text.trim() === ''}>
          Look up
        </Button>
      </Group>
    </form>
  )
}

function Found({ id }: { id: string }) {
  const { data, error, refetch } = useJourney(id)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <TableSkeleton rows={9} />
  if (data.found_by === null) {
    return (
      <Panel>
        <Empty title="Nothing of this id" icon={IconRoute}>
          Reviews and events are found for as long as the log has them; correlation and trace ids for three
          days after they were published.
        </Empty>
      </Panel>
    )
  }
  return (
    <Stack gap="md">
      {data.events.map((event, index) => (
        <EventLife
          key={event.event_id}
          event={event}
          heading={
            index === 0
              ? `Found as a ${words[data.found_by ?? 'event']}: ${countOf(data.events.length, 'event')}`
              : null
          }
        />
      ))}
    </Stack>
  )
}
