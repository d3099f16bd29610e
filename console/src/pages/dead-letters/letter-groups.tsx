import { Text } from '@mantine/core'
import { IconMailCheck } from '@tabler/icons-react'
import type { LetterGroup } from '../../../../src/ops/contract/dead-letters.ts'
import { useLetterGroups } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { countOf, formatCount } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Panel } from '../../parts/page.tsx'
import { LetterActs } from './letter-acts.tsx'
import { LetterStateMark } from './letter-state.tsx'

interface Cause {
  readonly consumer_group: string | null
  readonly error_code: string | null
  readonly error_pattern: string | null
}

const columns: readonly Column<LetterGroup>[] = [
  { name: 'Group and error', maxWidth: 520, cell: (group) => <Name group={group} /> },
  { name: 'Letters', kind: 'number', cell: ({ count }) => formatCount(count), strong: true },
  { name: 'State', cell: ({ state }) => <LetterStateMark state={state} /> },
  { name: 'First', cell: ({ first_seen: at }) => <Ago at={at} /> },
  { name: 'Last', cell: ({ last_seen: at }) => <Ago at={at} /> },
  { name: 'Actions', kind: 'acts', nameHidden: true, cell: (group) => <Acts group={group} /> },
]

interface LetterGroupsProps {
  readonly state: string | undefined
  readonly chosen: Cause
  readonly onChoose: (group: LetterGroup | null) => void
}

/** Letters that failed in the same way, together: usually there are three causes, not three thousand letters. */
export function LetterGroups({ state, chosen, onChoose }: LetterGroupsProps) {
  const query = useLetterGroups(state)
  const isChosen = (group: LetterGroup) => isSame(group, chosen)
  return (
    <Panel title="By cause">
      <Loaded query={query} rows={4}>
        {(groups) => (
          <DataTable
            label="Dead letters by cause"
            columns={columns}
            rows={groups}
            keyOf={(group) =>
              `${group.consumer_group} ${group.error_code} ${group.error_pattern} ${group.state}`
            }
            empty={
              <Empty
                title={state === 'open' ? 'No open dead letters' : 'None in this state'}
                icon={IconMailCheck}
              >
                {state === 'open' && 'Everything that was read was dealt with, or is being retried.'}
              </Empty>
            }
            open={{
              labelOf: ({ count, consumer_group: group, error_code: code }) =>
                `${countOf(count, 'letter')} of ${group}, ${code}`,
              onOpen: (group) => onChoose(isChosen(group) ? null : group),
              isSelected: isChosen,
            }}
          />
        )}
      </Loaded>
    </Panel>
  )
}

function isSame(group: LetterGroup, chosen: Cause): boolean {
  return (
    group.consumer_group === chosen.consumer_group &&
    group.error_code === chosen.error_code &&
    group.error_pattern === (chosen.error_pattern ?? '')
  )
}

function Name({ group }: { group: LetterGroup }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {group.consumer_group} · {group.error_code}
      </Text>
      <Text size="xs" c="dimmed" ff="monospace" truncate title={group.error_pattern}>
        {group.error_pattern || '(no message)'}
      </Text>
    </>
  )
}

function Acts({ group }: { group: LetterGroup }) {
  const { state, consumer_group, error_code, error_pattern, count } = group
  const filter = { state, consumer_group, error_code, error_pattern }
  return <LetterActs filter={filter} count={count} state={state} />
}
