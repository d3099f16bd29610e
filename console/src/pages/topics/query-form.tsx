import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import type { TopicPage } from '../../../../src/ops/contract/topics.ts'
import { useMay } from '../../parts/session.ts'
import classes from './query-form.module.css'
import type { ScanQuery } from './use-messages.ts'

const starts = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'From the oldest' },
  { value: 'offset', label: 'From an offset' },
  { value: 'time', label: 'From a moment' },
]

interface QueryFormProps {
  readonly topic: TopicPage
  readonly query: ScanQuery
  readonly isTailing: boolean
  readonly onQuery: (query: ScanQuery) => void
  readonly onTail: (on: boolean) => void
}

/** From where, and what of it. Start and partition take effect at once, the rest by Enter. */
export function QueryForm({ topic, query, isTailing, onQuery, onTail }: QueryFormProps) {
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
      {...more}
    />
  )
  return (
    <form onSubmit={submit}>
      <div className={classes.form}>
        <Select
          size="xs"
          label="Start"
          data={starts}
          value={draft.from}
          onChange={(from) => onQuery({ ...draft, from: from ?? 'newest', offset: null, at: null })}
          allowDeselect={false}
          disabled={isTailing}
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
          className={classes.narrow ?? ''}
        />
        {draft.from === 'offset' && !isTailing && (
          <TextInput
            size="xs"
            label="Offset"
            inputMode="numeric"
            value={draft.offset ?? ''}
            onChange={(event) => change({ offset: event.currentTarget.value.replace(/\D/g, '') || null })}
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
          ...(!maySearchValues && { placeholder: 'for operators' }),
        })}
        <Button size="xs" type="submit" className={classes.act ?? ''}>
          Search
        </Button>
        <Button
          size="xs"
          className={classes.act ?? ''}
          variant={isTailing ? 'filled' : 'default'}
          color={isTailing ? 'red' : 'cyan'}
          onClick={() => onTail(!isTailing)}
        >
          {isTailing ? 'Stop watching' : 'Watch live'}
        </Button>
      </div>
    </form>
  )
}

/** What `datetime-local` wants: local time without zone. */
function toLocal(at: string | null): string {
  if (at === null) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
