import { Text } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import type { Overview } from '../../../../src/ops/contract/overview.ts'
import { Empty } from '../../parts/empty.tsx'
import { formatRate } from '../../parts/format.ts'
import classes from './rates.module.css'

const [width, height] = [600, 150]

/** A small chart of its own: Home loads no library for sixty numbers. */
export function Rates({ rates }: { rates: Overview['rates'] }) {
  if (rates.length < 2) {
    return (
      <Empty title="Not enough seen yet" icon={IconChartBar}>
        A point is added every ten seconds.
      </Empty>
    )
  }
  const most = Math.max(...rates.map(({ rate }) => rate))
  const points = rates.map(({ rate }, index) => {
    const x = (index / (rates.length - 1)) * width
    return `${x.toFixed(1)},${(height - (rate / (most || 1)) * (height - 4)).toFixed(1)}`
  })
  const last = rates.at(-1)?.rate ?? 0
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <Text size="xs" c="dimmed">
          most {formatRate(most)}
        </Text>
        <Text size="xs" c="dimmed">
          now {formatRate(last)}
        </Text>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className={classes.chart}
        role="img"
        aria-label={`Events accepted a second: now ${formatRate(last)}, most ${formatRate(most)}`}
      >
        <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} className={classes.area} />
        <polyline points={points.join(' ')} className={classes.line} />
      </svg>
    </figure>
  )
}
