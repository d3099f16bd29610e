import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import { Box, SegmentedControl } from '@mantine/core'
import { IconChartLine } from '@tabler/icons-react'
import type { LagPoint } from '../../../../src/ops/contract/groups.ts'
import { Empty } from '../../parts/empty.tsx'
import { formatCount, formatSeconds } from '../../parts/format.ts'
import { useUrlState } from '../../parts/search-params.ts'

const mostPoints = 240

/** The lag over the last hour, in records or in seconds: one scale at a time. */
export function LagChart({ points }: { points: readonly LagPoint[] }) {
  const [url, setUrl] = useUrlState()
  const unit = url('unit') === 'seconds' ? 'seconds' : 'records'
  if (points.length < 2) {
    return (
      <Empty title="Not enough seen yet" icon={IconChartLine}>
        A point is added every few seconds, and kept for an hour.
      </Empty>
    )
  }
  const every = Math.ceil(points.length / mostPoints)
  const data = points
    .filter((_, index) => index % every === 0 || index === points.length - 1)
    .map(({ at, lag, lag_seconds: seconds }) => ({
      at: new Date(at).toLocaleTimeString('en-GB'),
      records: lag,
      seconds,
    }))
  return (
    <Box p="md">
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
      <LineChart
        h={200}
        data={data}
        dataKey="at"
        series={[
          {
            name: unit,
            label: unit === 'records' ? 'Records not read' : 'Age of the oldest',
            color: 'cyan.6',
          },
        ]}
        valueFormatter={unit === 'records' ? formatCount : formatSeconds}
        curveType="stepAfter"
        withDots={false}
        strokeWidth={2}
        gridAxis="x"
        yAxisProps={{ domain: [0, 'auto'], width: 62, allowDecimals: unit === 'seconds' }}
        xAxisProps={{ minTickGap: 60 }}
        lineChartProps={{ accessibilityLayer: true }}
      />
    </Box>
  )
}
