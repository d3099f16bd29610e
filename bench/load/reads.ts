import { plannedEntityId, plannedEntityType } from '../../src/ops/load-plan.ts'
import { drive } from '../driver/drive.ts'
import type { DriveResult, Pace } from '../driver/plan.ts'
import type { Target } from '../stack/target.ts'
import { statsPath } from './agreement.ts'
import { reviewsPath } from './reviews.ts'

const connections = 64

/** Reads paths over 64 connections: in their order, and again from the first. */
export function read({ host, port }: Target, paths: readonly string[], pace: Pace): Promise<DriveResult> {
  return drive({ host, port, connections, requests: { kind: 'reads', paths }, pace })
}

/** Reads each path once: what nobody has read before, nobody has cached. */
export function readOnce(target: Target, paths: readonly string[]): Promise<DriveResult> {
  return read(target, paths, { kind: 'count', count: paths.length })
}

export function statsPaths(runId: string, entities: number): string[] {
  return entitiesOf(runId, entities).map(statsPath)
}

/** The first pages of lists, as a shop shows them. */
export function listPaths(runId: string, entities: number): string[] {
  return entitiesOf(runId, entities).map((entity) => `${reviewsPath}?${ofEntity(entity)}`)
}

/** Forty lists of each entity that differ in order and length, and so are cached each by itself. */
export function manyListPaths(runId: string, entities: number): string[] {
  const variants = ['newest', 'oldest', 'highest', 'lowest'].flatMap((sort) =>
    Array.from({ length: 10 }, (_, n) => `sort=${sort}&limit=${20 + n}`),
  )
  const all = entitiesOf(runId, entities)
  return variants.flatMap((variant) => all.map((entity) => `${reviewsPath}?${ofEntity(entity)}&${variant}`))
}

const ofEntity = (entity: string) => `entity_type=${plannedEntityType}&entity_id=${entity}`

function entitiesOf(runId: string, entities: number): string[] {
  return Array.from({ length: entities }, (_, n) => plannedEntityId(runId, n))
}
