import { lateAfterSeconds } from '../../../../src/ops/contract/bounds.ts'
import type { GroupSummary } from '../../../../src/ops/contract/groups.ts'
import { type Mark, StateMark } from '../../parts/state-mark.tsx'

/** Kafka's own word for the state, with whether it is well. */
export function GroupMark({ group }: { group: GroupSummary }) {
  return (
    <StateMark mark={markOf(group)} title={`Kafka says: ${group.state}`}>
      {group.members === 0 ? 'no members' : group.state.toLowerCase()}
    </StateMark>
  )
}

function markOf({ members, lag, lag_seconds: seconds }: GroupSummary): Mark {
  if (members === 0) return lag > 0 ? 'broken' : 'warning'
  return seconds > lateAfterSeconds.group ? 'late' : 'ok'
}
