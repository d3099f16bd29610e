import { SegmentedControl } from '@mantine/core'
import { Page } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { LetterDrawer } from './letter-drawer.tsx'
import { LetterGroups } from './letter-groups.tsx'
import { Letters } from './letters.tsx'
import { Replays } from './replays.tsx'

const states = [
  { value: 'open', label: 'Open' },
  { value: 'replayed', label: 'Under way' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'discarded', label: 'Discarded' },
  { value: 'quarantined', label: 'Quarantined' },
  { value: 'all', label: 'All' },
]

/** What failed for good: which group, why, how often; and what becomes of it. */
export function DeadLettersPage() {
  const [url, setUrl] = useUrlState()
  const state = url('state') ?? 'open'
  const cause = {
    consumer_group: url('group'),
    error_code: url('code'),
    error_pattern: url('pattern'),
  }
  const chosen = cause.consumer_group !== null
  const wanted = state === 'all' ? undefined : state

  return (
    <Page
      title="Dead letters"
      about="Records that a group could not deal with, and never will by itself."
      actions={
        <SegmentedControl
          size="xs"
          data={states}
          value={state}
          onChange={(value) =>
            setUrl({
              state: value === 'open' ? null : value,
              group: null,
              code: null,
              pattern: null,
              after: null,
            })
          }
          aria-label="State"
          style={{ overflowX: 'auto', maxWidth: '100%' }}
        />
      }
    >
      <Replays />
      <LetterGroups
        state={wanted}
        chosen={cause}
        onChoose={(group) =>
          setUrl({
            group: group?.consumer_group ?? null,
            code: group?.error_code ?? null,
            pattern: group?.error_pattern ?? null,
            after: null,
          })
        }
      />
      {chosen && (
        <Letters
          filter={{
            ...(wanted && { state: wanted }),
            consumer_group: cause.consumer_group ?? '',
            ...(cause.error_code !== null && { error_code: cause.error_code }),
            ...(cause.error_pattern !== null && { error_pattern: cause.error_pattern }),
          }}
          after={url('after')}
          onPage={(after) => setUrl({ after })}
          onOpen={(id) => setUrl({ letter: String(id) })}
          opened={url('letter')}
        />
      )}
      <LetterDrawer id={url('letter')} onClose={() => setUrl({ letter: null })} />
    </Page>
  )
}
