import type { Queryable } from '../platform/postgres/pool.ts'
import type { Entity, EntityProfile } from './entity.ts'

interface Row extends Omit<Entity, 'created_at' | 'updated_at'> {
  readonly created_at: Date
  readonly updated_at: Date
  readonly is_new: boolean
  readonly position: number
}

export interface WrittenEntity {
  readonly entity: Entity
  readonly isNew: boolean
  /** Of the log, when it was written: an entity has no events of its own. */
  readonly position: number
}

const columns = 'entity_type, entity_id, name, url, owner_id, created_at, updated_at'

/** Registers an entity, or changes it; what is equal changes nothing. */
export async function putEntity(
  db: Queryable,
  key: Pick<Entity, 'entity_type' | 'entity_id'>,
  { name, url, owner_id }: EntityProfile,
  at: string,
): Promise<WrittenEntity> {
  const { rows } = await db.query<Row>({
    name: 'entities.put',
    // An update of an equal row gives the row back, as `do nothing` would not.
    text: `
      with written as (
        insert into entities as entity (${columns}) values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (entity_type, entity_id) do update set
          name = excluded.name, url = excluded.url, owner_id = excluded.owner_id,
          updated_at = case
            when (entity.name, entity.url, entity.owner_id)
              is distinct from (excluded.name, excluded.url, excluded.owner_id)
            then greatest(entity.updated_at, excluded.updated_at) else entity.updated_at end
        returning ${columns}, xmax = 0 as is_new
      )
      select ${columns}, is_new, position from written cross join log_head`,
    values: [key.entity_type, key.entity_id, name, url, owner_id, at],
  })
  const [row] = rows
  if (!row) throw new Error('a put returned nothing')
  const { is_new: isNew, position, ...entity } = row
  return {
    entity: {
      ...entity,
      created_at: entity.created_at.toISOString(),
      updated_at: entity.updated_at.toISOString(),
    },
    isNew,
    position,
  }
}
