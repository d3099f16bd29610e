import type { Problem } from '../contract/overview.ts'
import { api, dependencies } from './diagnosis/dependencies.ts'
import { letters, notices } from './diagnosis/effects.ts'
import { ofGroup } from './diagnosis/group.ts'
import { latencies } from './diagnosis/latency.ts'
import { relay } from './diagnosis/relay.ts'
import { replicas } from './diagnosis/replicas.ts'
import type { Trends } from './diagnosis/trends.ts'
import type { Facts } from './facts.ts'

/** Everything that is wrong, the worst first. Each rule sees all facts, so that a cause can silence its effects. */
export function diagnose(facts: Facts, trends: Trends): Problem[] {
  const found = [
    ...dependencies(facts),
    ...api(facts, trends),
    ...relay(facts, trends),
    ...(facts.kafka
      ? [...replicas(facts.kafka), ...facts.kafka.groups.flatMap((group) => ofGroup(group, facts, trends))]
      : []),
    ...notices(facts, trends),
    ...letters(facts),
  ]
  const problems = [...found, ...latencies(facts, trends, found)]
  const order = { broken: 0, late: 1, warning: 2 }
  return problems.toSorted((a, b) => order[a.severity] - order[b.severity])
}
