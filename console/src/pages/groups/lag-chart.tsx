import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import type { LagPoint } from '../../../../src/ops/contract/groups.ts'
import { formatCount, formatSeconds } from '../../parts/format.ts'

const mostPoints = 240

interface LagChartProps {
  readonly points: readonly LagPoint[]
  readonly unit: 'records' | 'seconds'
}

export function LagChart({ points, unit }: LagChartProps) {
  const every = Math.ceil(points.length / mostPoints)
  const data = points
    .filter((_, index) => index % every === 0 || index === points.length - 1)
    .map(({ at, lag, lag_seconds: seconds }) => ({
      at: Date.parse(at),
      records: lag,
      seconds,
    }))
  return (
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
      xAxisProps={{
        type: 'number',
        scale: 'time',
        domain: ['dataMin', 'dataMax'],
        tickFormatter: clock,
        minTickGap: 60,
      }}
      lineChartProps={{ accessibilityLayer: true, margin: { top: 8, right: 8 } }}
      tooltipProps={{ labelFormatter: (at) => clock(Number(at)) }}
    />
  )
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB')
}
