import type { Change } from '../contract/overview.ts'
import type { Facts } from './facts.ts'

/** What a person who looked away would want to be told, between two looks. */
export function changesBetween(before: Facts, after: Facts): Change[] {
  const at = new Date(after.at).toISOString()
  const change = (kind: Change['kind'], text: string, link: string | null = null): Change => ({
    at,
    kind,
    text,
    link,
  })
  return [
    ...serviceChanges(before, after, change),
    ...kafkaChanges(before, after, change),
    ...logChanges(before, after, change),
    ...letterChanges(before, after, change),
  ]
}

type Make = (kind: Change['kind'], text: string, link?: string | null) => Change

function serviceChanges(before: Facts, after: Facts, change: Make): Change[] {
  return after.services.flatMap((now) => {
    const was = before.services.find(({ name }) => name === now.name)
    if (!was) return []
    if (was.state !== 'down' && now.state === 'down') return [change('bad', `${now.name} does not answer`)]
    if (was.state === 'down' && now.state !== 'down') return [change('good', `${now.name} answers again`)]
    const lost = now.away.filter((name) => !was.away.includes(name))
    const found = was.away.filter((name) => !now.away.includes(name))
    return [
      ...lost.map((name) => change('bad', `${now.name} cannot reach ${name}`)),
      ...found.map((name) => change('good', `${now.name} reaches ${name} again`)),
    ]
  })
}

function kafkaChanges({ kafka: was }: Facts, { kafka: now }: Facts, change: Make): Change[] {
  if (was && !now) return [change('bad', 'Kafka does not answer', '/cluster')]
  if (!was && now) return [change('good', 'Kafka answers', '/cluster')]
  if (!was || !now) return []
  const ids = (list: { readonly id: number }[] | readonly { readonly id: number }[]) =>
    new Set(list.map(({ id }) => id))
  const [idsBefore, idsNow] = [ids(was.brokers), ids(now.brokers)]
  const brokers = [
    ...[...idsBefore.difference(idsNow)].map((id) => change('bad', `broker ${id} is gone`, '/cluster')),
    ...[...idsNow.difference(idsBefore)].map((id) => change('good', `broker ${id} is there`, '/cluster')),
  ]
  const topics = [
    ...[...now.ends.keys()]
      .filter((name) => !was.ends.has(name))
      .map((name) => change('neutral', `topic ${name} was created`, `/topics/${encodeURIComponent(name)}`)),
    ...[...was.ends.keys()]
      .filter((name) => !now.ends.has(name))
      .map((name) => change('neutral', `topic ${name} was deleted`, '/topics')),
  ]
  const groups = now.groups.flatMap((group) => {
    const old = was.groups.find((one) => one.group === group.group)
    if (!old || old.members === group.members) return []
    const link = `/groups/${encodeURIComponent(group.group)}`
    if (group.members === 0) return [change('bad', `${group.group} has lost its last member`, link)]
    if (old.members === 0) return [change('good', `${group.group} has ${members(group.members)}`, link)]
    return [change('neutral', `${group.group}: ${old.members} → ${members(group.members)}`, link)]
  })
  const replicas =
    was.underReplicated.length === 0 && now.underReplicated.length > 0
      ? [change('bad', `${now.underReplicated.length} partitions lack a replica`, '/cluster')]
      : was.underReplicated.length > 0 && now.underReplicated.length === 0
        ? [change('good', 'every partition has all its replicas', '/cluster')]
        : []
  return [...brokers, ...topics, ...groups, ...replicas]
}

function logChanges({ log: was }: Facts, { log: now }: Facts, change: Make): Change[] {
  if (was && !now) return [change('bad', 'Postgres does not answer')]
  if (!was && now) return [change('good', 'Postgres answers')]
  if (!was || !now || was.holder === now.holder) return []
  if (now.holder === null) return [change('bad', 'no relay is active')]
  return [change(was.holder === null ? 'good' : 'neutral', `the relay ${now.holder} is active`)]
}

function letterChanges({ letters: was }: Facts, { letters: now }: Facts, change: Make): Change[] {
  if (!was || !now || was.open === now.open) return []
  const count = Math.abs(now.open - was.open)
  const letters = count === 1 ? 'dead letter' : 'dead letters'
  return now.open > was.open
    ? [change('bad', `${count} new ${letters}`, '/dead-letters')]
    : [change('good', `${count} ${letters} fewer`, '/dead-letters')]
}

function members(count: number): string {
  return count === 1 ? '1 member' : `${count} members`
}
