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

const names = ['entity_type', 'entity_id', 'name', 'url', 'owner_id', 'created_at', 'updated_at'] as const
const columns = names.join(', ')
const newColumns = names.map((name) => `new.${name}`).join(', ')

/**
 * Registers an entity, or changes it; what is equal changes nothing. What an administrator does so is in the audit,
 * what servers do on their own is not.
 */
export async function putEntity(
  db: Queryable,
  key: Pick<Entity, 'entity_type' | 'entity_id'>,
  { name, url, owner_id }: EntityProfile,
  { at, administrator }: { readonly at: string; readonly administrator: string | null },
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
        returning ${newColumns}, old.name is null as is_new,
          (old.name, old.url, old.owner_id) is distinct from (new.name, new.url, new.owner_id) as changed
      ),
      audited as materialized (
        select append_audit($7, case when is_new then 'entity.registered' else 'entity.updated' end,
          entity_type || ':' || entity_id, '{}')
        from written where changed and $7::text is not null
      )
      select ${columns}, is_new, position from written cross join log_head
      -- Never false: it makes sure that the entry is written.
      where (select count(*) from audited) >= 0`,
    values: [key.entity_type, key.entity_id, name, url, owner_id, at, administrator],
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
