import { Anchor, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'wouter'
import type { GroupDetails } from '../../../../src/ops/contract/groups.ts'
import { useGroup, useOverview } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Figures } from '../../parts/figures.tsx'
import { countOf, formatCount, formatRate, formatSeconds } from '../../parts/format.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Problems } from '../home/problems.tsx'
import { GroupMark } from './group-mark.tsx'
import { Members, Partitions } from './group-tables.tsx'
import { catchUp } from './groups-page.tsx'
import { LagSkeleton } from './lag-skeleton.tsx'
import { ResetDialog } from './reset-dialog.tsx'

const Lag = lazy(() => import('./lag-panel.tsx').then(({ LagPanel }) => ({ default: LagPanel })))

export function GroupPage() {
  const { group: name = '' } = useParams()
  const group = decodeURIComponent(name)
  const query = useGroup(group)
  const { data } = query
  const [resetOpened, reset] = useDisclosure(false)

  return (
    <Page
      title={group}
      about={
        <Anchor component={Link} href="/groups" size="sm">
          ← Consumer groups
        </Anchor>
      }
      actions={
        <ActButton
          needs="admin"
          blocked={data ? undefined : 'The group is not known yet'}
          variant="default"
          size="xs"
          onAct={reset.open}
        >
          Reset offsets…
        </ActButton>
      }
    >
      <Loaded query={query} rows={12}>
        {(details) => <Content group={details} />}
      </Loaded>
      {data && <ResetDialog group={data} opened={resetOpened} onClose={reset.close} />}
    </Page>
  )
}

function Content({ group }: { group: GroupDetails }) {
  const overview = useOverview()
  const own = (overview.data?.problems ?? []).filter(({ where }) => where === `group:${group.group}`)
  return (
    <Stack gap="md">
      <Problems problems={own.map((problem) => ({ ...problem, link: null }))} />
      <Figures
        items={[
          ['State', <GroupMark key="state" group={group} />],
          ['Members', formatCount(group.members)],
          ['Lag', countOf(group.lag, 'record')],
          ['Oldest unread', formatSeconds(group.lag_seconds)],
          ['Rate', formatRate(group.rate)],
          ['Catches up', catchUp(group)],
        ]}
      />
      <Suspense fallback={<LagSkeleton />}>
        <Lag group={group.group} />
      </Suspense>
      <Panel
        title="Partitions"
        aside={group.coordinator === null ? null : `coordinated by broker ${group.coordinator}`}
      >
        <Partitions group={group} />
      </Panel>
      <Panel title="Members">
        <Members group={group} />
      </Panel>
    </Stack>
  )
}
