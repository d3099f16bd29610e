import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { Change } from '../../../../src/ops/contract/overview.ts'
import { Ago } from '../../parts/ago.tsx'
import { Empty } from '../../parts/empty.tsx'
import classes from './changes.module.css'

const words = { good: 'better', bad: 'worse', neutral: 'changed', act: 'done' } as const
const shown = 10

export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) {
    return (
      <Empty title="Nothing changed" icon={IconHistory}>
        Members that come and go, brokers, new dead letters, and what people do here, show up as they happen.
      </Empty>
    )
  }
  return (
    <ol className={classes.list}>
      {changes.slice(0, shown).map((change) => (
        <li key={`${change.at} ${change.text}`} className={classes.change} data-kind={change.kind}>
          <span className={classes.kind}>{words[change.kind]}</span>
          <Text size="sm" component="span" className={classes.text}>
            {change.link ? <Link href={change.link}>{change.text}</Link> : change.text}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            <Ago at={change.at} />
          </Text>
        </li>
      ))}
    </ol>
  )
}
