import type { TopicRow } from '../../../../src/ops/contract/topics.ts'
import { StateMark } from '../../parts/state-mark.tsx'

/** Whether every replica of every partition is up to date. */
export function InSync({ topic: { partitions_at_risk: atRisk } }: { topic: TopicRow }) {
  return atRisk === 0 ? (
    <StateMark mark="ok">all</StateMark>
  ) : (
    <StateMark mark="warning">{atRisk} at risk</StateMark>
  )
}
