import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AuditPage } from '../../../src/ops/contract/audit.ts'
import type { ClusterPage, SubjectRow, SubjectVersion } from '../../../src/ops/contract/cluster.ts'
import type {
  Letter,
  LetterGroup,
  LetterPage,
  Replay,
  ReplayPlan,
} from '../../../src/ops/contract/dead-letters.ts'
import type {
  GroupDetails,
  GroupSummary,
  LagHistory,
  ResetPreview,
  ResetTarget,
} from '../../../src/ops/contract/groups.ts'
import type { JourneyPage } from '../../../src/ops/contract/journey.ts'
import type { Message } from '../../../src/ops/contract/messages.ts'
import type { Overview } from '../../../src/ops/contract/overview.ts'
import type { Session } from '../../../src/ops/contract/session.ts'
import type { TopicPage, TopicRow } from '../../../src/ops/contract/topics.ts'
import { get, queryOf, send } from './client.ts'
import { readEvents } from './event-stream.ts'

export const keys = {
  session: ['session'],
  overview: ['overview'],
  groups: ['groups'],
  letters: ['dead-letters'],
  replays: ['replays'],
} as const

const liveMs = 2_000
const path = encodeURIComponent

export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: ({ signal }) => get<Session>('/session', signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Pushed by the service; asked for only until the first push. */
export function useOverview() {
  return useQuery({
    queryKey: keys.overview,
    queryFn: ({ signal }) => get<Overview>('/overview', signal),
    staleTime: 60_000,
    retry: 5,
  })
}

export function useGroups() {
  return useQuery({
    queryKey: keys.groups,
    queryFn: ({ signal }) => get<{ items: GroupSummary[] }>('/groups', signal).then(({ items }) => items),
    refetchInterval: liveMs,
  })
}

export function useGroup(group: string) {
  return useQuery({
    queryKey: [...keys.groups, group],
    queryFn: ({ signal }) => get<GroupDetails>(`/groups/${path(group)}`, signal),
    refetchInterval: liveMs,
  })
}

export function useLagHistory(group: string) {
  return useQuery({
    queryKey: [...keys.groups, group, 'lag'],
    queryFn: ({ signal }) => get<LagHistory>(`/groups/${path(group)}/lag`, signal),
    refetchInterval: 5_000,
  })
}

export interface Reset {
  readonly group: string
  readonly topic: string
  readonly target: ResetTarget
}

export function useResetPreview({ group, topic, target }: Reset, enabled: boolean) {
  return useQuery<ResetPreview>({
    queryKey: [...keys.groups, group, 'preview', topic, target],
    queryFn: () => send<ResetPreview>('POST', `/groups/${path(group)}/offsets/preview`, { topic, target }),
    placeholderData: keepPreviousData,
    refetchInterval: liveMs,
    enabled,
  })
}

export function useReset() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ group, topic, target }: Reset) =>
      send<ResetPreview>('POST', `/groups/${path(group)}/offsets`, { topic, target, confirm: group }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.groups }),
  })
}

export interface LetterFilter {
  readonly state?: string
  readonly consumer_group?: string
  readonly error_code?: string
  readonly error_pattern?: string
  readonly letter_ids?: readonly number[]
}

export function useLetterGroups(state: string | undefined) {
  return useQuery<LetterGroup[]>({
    queryKey: [...keys.letters, 'groups', state],
    queryFn: ({ signal }) =>
      get<{ items: LetterGroup[] }>(`/dead-letters/groups${queryOf({ state })}`, signal).then(
        ({ items }) => items,
      ),
    placeholderData: keepPreviousData,
    refetchInterval: liveMs,
  })
}

export function useLetters({ letter_ids: _, ...filter }: LetterFilter, after: string | null) {
  return useQuery<LetterPage>({
    queryKey: [...keys.letters, 'page', filter, after],
    queryFn: ({ signal }) => get<LetterPage>(`/dead-letters${queryOf({ ...filter, after })}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: liveMs,
  })
}

export function useLetter(id: string) {
  return useQuery({
    queryKey: [...keys.letters, id],
    queryFn: ({ signal }) => get<Letter>(`/dead-letters/${path(id)}`, signal),
    refetchInterval: liveMs,
  })
}

export function useLetterMessage(id: string, reveal: boolean) {
  return useQuery<Message>({
    queryKey: [...keys.letters, id, 'message', reveal],
    queryFn: ({ signal }) =>
      get<Message>(`/dead-letters/${path(id)}/message${reveal ? '?reveal=true' : ''}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

export function useReplayPlan(filter: LetterFilter, most: number) {
  return useQuery({
    queryKey: [...keys.replays, 'plan', filter, most],
    queryFn: () => send<ReplayPlan>('POST', '/replays/plan', { filter, max_letters: most }),
  })
}

export function useReplays() {
  return useQuery({
    queryKey: keys.replays,
    queryFn: ({ signal }) => get<{ items: Replay[] }>('/replays', signal).then(({ items }) => items),
    refetchInterval: liveMs,
  })
}

export function useStartReplay() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { filter: LetterFilter; max_letters: number; rate_per_second: number }) =>
      send<Replay>('POST', '/replays', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.replays, exact: true }),
  })
}

export function useChangeReplay() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, state }: { id: string; state: 'running' | 'paused' | 'cancelled' }) =>
      send<Replay>('PUT', `/replays/${path(id)}/state`, { state }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.replays, exact: true }),
  })
}

export function useDiscard() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { filter: LetterFilter; reason: string }) =>
      send<{ discarded: number }>('POST', '/dead-letters/discard', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.letters }),
  })
}

export function useJourney(id: string) {
  return useQuery({
    queryKey: ['journey', id],
    queryFn: ({ signal }) => get<JourneyPage>(`/journeys${queryOf({ id })}`, signal),
    refetchInterval: liveMs,
  })
}

export function useAudit(before: string | null) {
  return useQuery<AuditPage>({
    queryKey: ['audit', before],
    queryFn: ({ signal }) => get<AuditPage>(`/audit${queryOf({ before })}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  })
}

export function useTopics(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['topics'],
    queryFn: ({ signal }) => get<{ items: TopicRow[] }>('/topics', signal).then(({ items }) => items),
    refetchInterval: 5_000,
  })
}

export function useTopic(topic: string) {
  return useQuery({
    queryKey: ['topics', topic],
    queryFn: ({ signal }) => get<TopicPage>(`/topics/${path(topic)}`, signal),
    refetchInterval: 5_000,
  })
}

export function useCreateTopic() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: {
      name: string
      partitions: number
      replication_factor: number
      retention_ms: number
    }) => send('POST', '/topics', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['topics'] }),
  })
}

export function useRetention(topic: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { retention_ms: number; confirm: string }) =>
      send('PUT', `/topics/${path(topic)}/retention`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['topics'] }),
  })
}

export function useDeleteTopic(topic: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { confirm: string }) => send('DELETE', `/topics/${path(topic)}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['topics'], exact: true }),
  })
}

/** One record; null where it is not there any more. */
export function useMessage(topic: string, partition: string, offset: string, reveal: boolean) {
  return useQuery<Message | null>({
    queryKey: ['topics', topic, 'message', partition, offset, reveal],
    queryFn: async ({ signal }) => {
      const query = queryOf({ from: 'offset', partition, offset, limit: 1, reveal: reveal ? 'true' : null })
      let found: Message | null = null
      await readEvents(`/topics/${path(topic)}/messages${query}`, signal, (name, data) => {
        if (name === 'message') found = JSON.parse(data) as Message
      })
      return found
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

export function useCluster() {
  return useQuery({
    queryKey: ['cluster'],
    queryFn: ({ signal }) => get<ClusterPage>('/cluster', signal),
    refetchInterval: 5_000,
  })
}

export function useSchemas() {
  return useQuery({
    queryKey: ['schemas'],
    queryFn: ({ signal }) => get<{ items: SubjectRow[] }>('/schemas', signal).then(({ items }) => items),
    staleTime: 30_000,
  })
}

export function useSchema(subject: string, version: string) {
  return useQuery({
    queryKey: ['schemas', subject, version],
    queryFn: ({ signal }) => get<SubjectVersion>(`/schemas/${path(subject)}/${path(version)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
