import type { AuditAct } from '../../platform/audit/audit.ts'
import { audited } from '../../platform/audit/audited.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import { applyTopics, type TopicChange, type TopicsReport } from '../../platform/kafka/apply-topics.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'

/**
 * Brings the topics to what is declared. Each change is in the audit before it is made.
 * @throws {AppError} `audit_unavailable` at the first change that the audit cannot take
 */
export function applyTopicsAudited(
  { admin, db, actor }: { readonly admin: Admin; readonly db: Queryable; readonly actor: string },
  replicationFactor: number,
): Promise<TopicsReport> {
  return applyTopics(admin, replicationFactor, (change, apply) =>
    audited(db, { actor, ...actOf(change, replicationFactor) }, apply),
  )
}

function actOf(change: TopicChange, replicationFactor: number): Omit<AuditAct, 'actor'> {
  switch (change.kind) {
    case 'missing': {
      const { name, partitions, retentionMs } = change.topic
      const details = { partitions, replication_factor: replicationFactor, retention_ms: retentionMs }
      return { action: 'topic.created', target: name, details }
    }
    case 'too-few-partitions': {
      const details = { before: change.has, partitions: change.wants }
      return { action: 'topic.partitions_added', target: change.topic, details }
    }
    case 'setting': {
      const details = { before: change.has, [change.setting]: change.wants }
      return { action: 'topic.setting_changed', target: change.topic, details }
    }
    default:
      return change satisfies never
  }
}
