import { styleText } from 'node:util'
import { applyTopicsAudited } from '../ops/topics/apply-audited.ts'
import { compareTopics, type TopicDifference, type TopicsReport } from '../platform/kafka/apply-topics.ts'
import { actor } from './actor.ts'
import { duration } from './duration.ts'
import { assertOneDeployment } from './stack-environment.ts'
import { withDatabase } from './with-database.ts'
import { withAdmin } from './with-kafka.ts'

export async function applyCommand(flags: { dryRun?: true; json?: true }): Promise<number> {
  if (!flags.dryRun) assertOneDeployment()
  const report = await withAdmin((admin, { KAFKA_REPLICATION_FACTOR: factor }) =>
    flags.dryRun
      ? compareTopics(admin, factor)
      : withDatabase((db) => applyTopicsAudited({ admin, db, actor: actor() }, factor)),
  )
  process.stdout.write(
    flags.json ? `${JSON.stringify(report, null, 2)}\n` : applyText(report, flags.dryRun === true),
  )
  return report.differences.some(({ kind }) => kind === 'cannot-change') ? 1 : 0
}

export function applyText({ differences, warnings }: TopicsReport, isDryRun: boolean): string {
  const lines = differences.map((difference) => lineOf(difference, isDryRun))
  const done = isDryRun ? 'Nothing was changed: leave --dry-run out to apply this.' : 'Applied.'
  return [
    ...warnings.map((warning) => styleText('yellow', `warning: ${warning}`)),
    ...lines,
    lines.length === 0 ? 'The topics are as declared.' : done,
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function lineOf(difference: TopicDifference, isDryRun: boolean): string {
  switch (difference.kind) {
    case 'missing': {
      const { name, partitions, retentionMs } = difference.topic
      const created = `${isDryRun ? 'is missing' : 'was created'}: ${partitions} partitions, kept ${duration(retentionMs)}`
      return `${styleText('green', '+')} ${name} ${created}`
    }
    case 'too-few-partitions':
      return `${styleText('yellow', '~')} ${difference.topic} partitions: ${difference.has} → ${difference.wants}`
    case 'setting':
      return `${styleText('yellow', '~')} ${difference.topic} ${difference.setting}: ${difference.has} → ${difference.wants}`
    case 'cannot-change': {
      const { topic, what, has, wants } = difference
      const remedy =
        what === 'partitions' ? 'a topic never shrinks: make a new one' : 'reassign its partitions'
      return `${styleText('red', '!')} ${topic} ${what}: ${has}, wants ${wants}; ${remedy}`
    }
    default:
      return difference satisfies never
  }
}
