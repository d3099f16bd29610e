import { SegmentedControl, Text, Tooltip } from '@mantine/core'
import { IconChartLine } from '@tabler/icons-react'
import type { LagHistory } from '../../../../src/ops/contract/groups.ts'
import { useLagHistory } from '../../api/queries.ts'
import { Empty } from '../../parts/empty.tsx'
import { Failure } from '../../parts/failure.tsx'
import { Panel } from '../../parts/page.tsx'
import { useUrlState } from '../../parts/search-params.ts'
import { LagChart } from './lag-chart.tsx'
import { LagSkeleton, lagHeight } from './lag-skeleton.tsx'

/** The lag over the last hour, in records or in seconds: one scale at a time. */
export function LagPanel({ group }: { group: string }) {
  const { data, error } = useLagHistory(group)
  const [url, setUrl] = useUrlState()
  const unit = url('unit') === 'seconds' ? 'seconds' : 'records'
  if (error && !data) return <Failure error={error} />
  if (!data) return <LagSkeleton />
  return (
    <Panel title="Lag in the last hour" aside={<Source history={data} />}>
      <div style={{ minHeight: lagHeight, padding: 16 }}>
        <SegmentedControl
          size="xs"
          mb="sm"
          data={[
            { value: 'records', label: 'Records' },
            { value: 'seconds', label: 'Age of the oldest' },
          ]}
          value={unit}
          onChange={(value) => setUrl({ unit: value === 'records' ? null : value }, 'replace')}
          aria-label="Unit"
        />
        {data.points.length < 2 ? (
          <Empty title="Not enough seen yet" icon={IconChartLine}>
            A point is added every few seconds, and kept for an hour.
          </Empty>
        ) : (
          <LagChart points={data.points} unit={unit} />
        )}
      </div>
    </Panel>
  )
}

function Source({ history: { source, problem } }: { history: LagHistory }) {
  const word =
    source === 'prometheus'
      ? 'from Prometheus'
      : problem === null
        ? 'since the ops service started'
        : 'Prometheus is silent: since the ops service started'
  return (
    <Tooltip label={problem} disabled={problem === null} multiline maw={420}>
      <Text size="xs" c="dimmed">
        {word}
      </Text>
    </Tooltip>
  )
}
