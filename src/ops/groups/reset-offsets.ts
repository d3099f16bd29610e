import { audited } from '../../platform/audit/audited.ts'
import { AppError } from '../../platform/errors.ts'
import type { Admin } from '../../platform/kafka/admin.ts'
import type { Queryable } from '../../platform/postgres/pool.ts'
import type { ResetPreview, ResetRow, ResetTarget } from '../contract/groups.ts'

/** What a reset would do, and whether it may be done now. @throws {AppError} `not_found` without such a topic */
export async function previewReset(
  admin: Admin,
  group: string,
  topic: string,
  target: ResetTarget,
): Promise<ResetPreview> {
  const [{ state, members }, committed, first, end, wanted] = await Promise.all([
    admin.describeGroup(group),
    admin.committed(group),
    admin.offsets(topic, 'earliest'),
    admin.offsets(topic, 'latest'),
    target.to === 'time' ? admin.offsets(topic, Date.parse(target.at)) : null,
  ])
  if (end.size === 0) throw new AppError('not_found', 'fatal', `the cluster has no topic "${topic}"`)
  const partitions = [...end.keys()].filter(
    (partition) => target.to !== 'offset' || partition === target.partition,
  )
  const rows = partitions
    .sort((a, b) => a - b)
    .map((partition) =>
      resetRow(target, {
        topic,
        partition,
        before: numberOf(committed.get(topic)?.get(partition)),
        first: numberOf(first.get(partition)) ?? 0,
        end: numberOf(end.get(partition)) ?? 0,
        // No record is that young: the group goes on with what comes next.
        atTime: numberOf(wanted?.get(partition)),
      }),
    )
  return { group, topic, state, members: members.length, allowed: members.length === 0, rows }
}

interface Standing {
  readonly topic: string
  readonly partition: number
  readonly before: number | null
  readonly first: number
  readonly end: number
  readonly atTime: number | null
}

export function resetRow(target: ResetTarget, { atTime, ...standing }: Standing): ResetRow {
  const { before, first, end } = standing
  const wanted = {
    earliest: first,
    latest: end,
    time: atTime ?? end,
    offset: target.to === 'offset' ? target.offset : end,
  }
  const after = Math.min(Math.max(wanted[target.to], first), end)
  return { ...standing, after, again: (before ?? first) - after }
}

/**
 * Sets the offsets that a preview showed, once the audit has it.
 * @throws {AppError} `group_active` while the group has members; `not_found`
 */
export async function resetOffsets(
  { admin, db, actor }: { readonly admin: Admin; readonly db: Queryable; readonly actor: string },
  group: string,
  topic: string,
  target: ResetTarget,
): Promise<ResetPreview> {
  const preview = await previewReset(admin, group, topic, target)
  if (!preview.allowed)
    throw new AppError('group_active', 'fatal', `${group} has ${preview.members} members: stop them first`)
  const offsets = new Map(preview.rows.map(({ partition, after }) => [partition, BigInt(after)]))
  const details = Object.fromEntries(
    preview.rows.map((row) => [`partition_${row.partition}`, `${row.before ?? 'none'} → ${row.after}`]),
  )
  const act = { actor, action: 'group.offsets_reset', target: `${group} on ${topic}`, details }
  await audited(db, act, () => admin.setOffsets(group, topic, offsets))
  return preview
}

function numberOf(offset: bigint | null | undefined): number | null {
  return offset == null ? null : Number(offset)
}
