/** A thing that is reviewed, as its shop describes it. Reviews need none. */
export interface Entity {
  readonly entity_type: string
  readonly entity_id: string
  readonly name: string
  readonly url: string | null
  /** A user id. */
  readonly owner_id: string | null
  /** RFC 3339. */
  readonly created_at: string
  readonly updated_at: string
}

export type EntityProfile = Pick<Entity, 'name' | 'url' | 'owner_id'>
