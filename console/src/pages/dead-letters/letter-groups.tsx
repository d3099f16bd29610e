import { Button, Group, Table, Text, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMailCheck } from '@tabler/icons-react'
import type { LetterGroup } from '../../../../src/ops/contract/dead-letters.ts'
import { type LetterFilter, useLetterGroups } from '../../api/queries.ts'
import { Ago } from '../../parts/ago.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { formatCount } from '../../parts/format.ts'
import { Panel } from '../../parts/page.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { useMay } from '../../parts/session.ts'
import { TableSkeleton } from '../../parts/table-skeleton.tsx'
import { DiscardDialog } from './discard-dialog.tsx'
import { LetterStateMark } from './letter-state.tsx'
import { ReplayDialog } from './replay-dialog.tsx'

interface Cause {
  readonly consumer_group: string | null
  readonly error_code: string | null
  readonly error_pattern: string | null
}

interface LetterGroupsProps {
  readonly state: string | undefined
  readonly chosen: Cause
  readonly onChoose: (group: LetterGroup | null) => void
}

/** Letters that failed in the same way, together: usually there are three causes, not three thousand letters. */
export function LetterGroups({ state, chosen, onChoose }: LetterGroupsProps) {
  const { data: groups, error, refetch } = useLetterGroups(state)
  if (error && !groups) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Panel title="By cause">
      {!groups ? (
        <TableSkeleton rows={4} />
      ) : groups.length === 0 ? (
        <Empty title={state === 'open' ? 'No open dead letters' : 'None in this state'} icon={IconMailCheck}>
          {state === 'open' && 'Everything that was read was dealt with, or is being retried.'}
        </Empty>
      ) : (
        <Table.ScrollContainer minWidth={860} type="native">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Group and error</Table.Th>
                <Table.Th ta="right">Letters</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>First</Table.Th>
                <Table.Th>Last</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {groups.map((group) => (
                <CauseRow
                  key={`${group.consumer_group} ${group.error_code} ${group.error_pattern} ${group.state}`}
                  group={group}
                  selected={isSame(group, chosen)}
                  onToggle={() => onChoose(isSame(group, chosen) ? null : group)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
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

function CauseRow({
  group,
  selected,
  onToggle,
}: {
  group: LetterGroup
  selected: boolean
  onToggle: () => void
}) {
  const [replayOpened, replay] = useDisclosure(false)
  const [discardOpened, discard] = useDisclosure(false)
  const mayOperate = useMay('operator')
  const filter: LetterFilter = {
    state: group.state,
    consumer_group: group.consumer_group,
    error_code: group.error_code,
    error_pattern: group.error_pattern,
  }
  const undecided = group.state === 'open' || group.state === 'quarantined'
  return (
    <RowLink
      onOpen={onToggle}
      selected={selected}
      label={`${group.count} letters of ${group.consumer_group}, ${group.error_code}`}
    >
      <Table.Td maw={520}>
        <Text size="sm" fw={600}>
          {group.consumer_group} · {group.error_code}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace" truncate title={group.error_pattern}>
          {group.error_pattern || '(no message)'}
        </Text>
      </Table.Td>
      <Table.Td ta="right" fw={650}>
        {formatCount(group.count)}
      </Table.Td>
      <Table.Td>
        <LetterStateMark state={group.state} />
      </Table.Td>
      <Table.Td>
        <Ago at={group.first_seen} />
      </Table.Td>
      <Table.Td>
        <Ago at={group.last_seen} />
      </Table.Td>
      <Table.Td>
        {undecided && (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {group.state === 'open' && (
              <Button size="compact-sm" variant="light" onClick={replay.open} disabled={!mayOperate}>
                Replay…
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={discard.open} disabled={!mayOperate}>
              Discard…
            </Button>
          </Group>
        )}
        <ReplayDialog filter={filter} count={group.count} opened={replayOpened} onClose={replay.close} />
        <DiscardDialog filter={filter} count={group.count} opened={discardOpened} onClose={discard.close} />
      </Table.Td>
    </RowLink>
  )
}
