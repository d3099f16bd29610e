import { Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Stage } from '../../../../src/ops/contract/overview.ts'
import { formatCount, formatRate, formatSeconds } from '../../parts/format.ts'
import { marks } from '../../parts/state-mark.tsx'
import classes from './stage-card.module.css'

interface StageCardProps {
  readonly stage: Stage
  /** What the rate counts. */
  readonly rateOf: string
  /** Whether events can wait before it. */
  readonly waits?: boolean
  readonly href?: string
  readonly children?: ReactNode
}

/** One part of the way: how fast, how much waits and for how long, and whether that is well. */
export function StageCard({ stage, rateOf, waits = false, href, children }: StageCardProps) {
  const { color, icon: Icon, word } = marks[stage.state]
  const alarming = stage.state === 'late' || stage.state === 'broken'
  const content = (
    <>
      <div className={classes.head}>
        <Text fw={650} fz={13} className={classes.title} title={stage.title}>
          {stage.title}
        </Text>
        <Tooltip label={word}>
          <span className={classes.mark} style={{ color: `var(--mantine-color-${color}-light-color)` }}>
            <Icon size={16} role="img" aria-label={word} />
          </span>
        </Tooltip>
      </div>
      <div className={classes.rate}>
        <span className={`num ${classes.number}`}>{formatRate(stage.rate)}</span>{' '}
        <span className={classes.unit}>{rateOf}</span>
      </div>
      {waits && (
        <div className={classes.waits} data-alarming={alarming}>
          <span className="num">{stage.backlog === null ? '–' : formatCount(stage.backlog)} waiting</span>
          {stage.lag_seconds !== null && stage.backlog !== 0 && (
            <span className="num">for {formatSeconds(stage.lag_seconds)}</span>
          )}
        </div>
      )}
      <div className={classes.note}>{children ?? (stage.note || ' ')}</div>
    </>
  )
  const shape = {
    className: classes.card,
    'data-state': stage.state,
    'data-stage': stage.id,
  }
  return href ? (
    <Link href={href} {...shape}>
      {content}
    </Link>
  ) : (
    <div {...shape}>{content}</div>
  )
}
