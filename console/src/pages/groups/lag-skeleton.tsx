import { Skeleton } from '@mantine/core'
import { Panel } from '../../parts/page.tsx'

/** As high as the chart with its switch, so that what is below stays where it is. */
export const lagHeight = 276

export function LagSkeleton() {
  return (
    <Panel title="Lag in the last hour">
      <div style={{ height: lagHeight, padding: 16 }}>
        <Skeleton height="100%" />
      </div>
    </Panel>
  )
}
