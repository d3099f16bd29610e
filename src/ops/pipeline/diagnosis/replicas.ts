import type { Problem } from '../../contract/overview.ts'
import type { KafkaFacts } from '../facts.ts'
import { capital, list, number, problem } from './problem.ts'

export function replicas(kafka: KafkaFacts): Problem[] {
  const up = new Set(kafka.brokers.map(({ id }) => id))
  const missing = kafka.replicaHolders.filter((id) => !up.has(id))
  const which = `broker${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`
  const start = missing.length > 0 ? `thereview start kafka-${missing[0]}` : null
  const bring = missing.length > 0 ? `Start ${which}.` : 'Look at the logs of the brokers.'
  if (kafka.offline.length > 0) {
    return [
      problem(
        'offline',
        'broken',
        'topics',
        `${number(kafka.offline.length)} partitions have no leader`,
        `They can be neither read nor written: ${list(kafka.offline)}.${missing.length > 0 ? ` Away: ${which}.` : ''}`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (kafka.belowMinIsr.length > 0) {
    return [
      problem(
        'below-min-isr',
        'broken',
        'topics',
        `${number(kafka.belowMinIsr.length)} partitions take no writes`,
        `They have fewer in-sync replicas than min.insync.replicas: ${list(kafka.belowMinIsr)}.${missing.length > 0 ? ` Away: ${which}.` : ''}`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (missing.length > 0) {
    return [
      problem(
        'broker-missing',
        'warning',
        'topics',
        `${capital(which)} ${missing.length === 1 ? 'is' : 'are'} away`,
        `${number(kafka.underReplicated.length)} partitions lack a replica. Reading and writing go on; the loss of one more broker would stop writing.`,
        bring,
        start,
        '/cluster',
      ),
    ]
  }
  if (kafka.underReplicated.length > 0) {
    return [
      problem(
        'under-replicated',
        'warning',
        'topics',
        `${number(kafka.underReplicated.length)} partitions lack a replica`,
        `All brokers are up; these catch up: ${list(kafka.underReplicated)}.`,
        'Wait; if the number does not shrink, look at the logs and disks of the brokers.',
        null,
        '/cluster',
      ),
    ]
  }
  return []
}
