import { Group, Progress, Stack, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import type { Replay } from '../../../../src/ops/contract/dead-letters.ts'
import { useChangeReplay, useReplays } from '../../api/queries.ts'
import { ActIcon } from '../../parts/act-button.tsx'
import { Ago } from '../../parts/ago.tsx'
import { countOf, formatCount } from '../../parts/format.ts'
import { useNow } from '../../parts/now.tsx'
import { Panel } from '../../parts/page.tsx'
import classes from './replays.module.css'

const recentMs = 15 * 60_000

/** Replays under way, and those that ended a short while ago, with what came of them. */
export function Replays() {
  const { data: replays } = useReplays()
  const now = useNow()
  const shown = (replays ?? []).filter(
    (replay) => isUnderWay(replay) || now - Date.parse(replay.finished_at ?? replay.created_at) < recentMs,
  )
  if (shown.length === 0) return null
  return (
    <Panel title="Replays">
      <Stack gap={0}>
        {shown.map((replay) => (
          <ReplayLine key={replay.replay_id} replay={replay} />
        ))}
      </Stack>
    </Panel>
  )
}

/** Done sending is not done: the groups may still be at it. */
function isUnderWay({ state, sent }: Replay): boolean {
  return state === 'running' || state === 'paused' || sent > 0
}

function ReplayLine({ replay }: { replay: Replay }) {
  const { pending, sent, resolved, failed, skipped } = replay
  const total = Math.max(1, pending + sent + resolved + failed + skipped)
  const part = (count: number) => (count / total) * 100
  return (
    <div className={classes.line} data-replay={replay.replay_id}>
      <div className={classes.what}>
        <Text size="sm" fw={600}>
          {wordOf(replay)}
        </Text>
        <Text size="xs" c="dimmed">
          {countOf(total, 'letter')} at {replay.rate_per_second}/s by {replay.created_by},{' '}
          <Ago at={replay.created_at} />
        </Text>
      </div>
      <div>
        <Progress.Root size="lg" aria-label="Progress of the replay">
          <Progress.Section value={part(resolved)} color="teal" aria-label="resolved" />
          <Progress.Section value={part(failed)} color="red" aria-label="failed again" />
          <Progress.Section value={part(skipped)} color="gray" aria-label="skipped" />
          <Progress.Section value={part(sent)} color="cyan" striped aria-label="sent" />
        </Progress.Root>
        <Text size="xs" c="dimmed" mt={4} className="num">
          {formatCount(resolved)} resolved · {formatCount(failed)} failed again · {formatCount(sent)} sent ·{' '}
          {formatCount(pending)} to send{skipped > 0 && ` · ${formatCount(skipped)} skipped`}
        </Text>
      </div>
      <Steering replay={replay} />
    </div>
  )
}

function wordOf({ state, sent, failed }: Replay): string {
  if (state === 'running') return 'Sending'
  if (state === 'paused') return 'Paused'
  if (sent > 0) return 'Sent; groups are at it'
  if (state === 'cancelled') return 'Cancelled'
  return failed > 0 ? 'Done, some failed again' : 'Done'
}

function Steering({ replay }: { replay: Replay }) {
  const change = useChangeReplay()
  if (replay.state !== 'running' && replay.state !== 'paused') return <Group w={64} />
  const to = (state: 'running' | 'paused' | 'cancelled') => () =>
    change.mutate({ id: replay.replay_id, state })
  const running = replay.state === 'running'
  return (
    <Group gap={4} w={64} wrap="nowrap">
      <ActIcon
        needs="operator"
        variant="default"
        onAct={to(running ? 'paused' : 'running')}
        label={running ? 'Pause the replay' : 'Go on with the replay'}
      >
        {running ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
      </ActIcon>
      <ActIcon needs="operator" variant="default" onAct={to('cancelled')} label="Cancel what is not sent">
        <IconPlayerStop size={16} />
      </ActIcon>
    </Group>
  )
}
