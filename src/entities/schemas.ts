import { Type } from 'typebox'
import { Closed } from '../contracts/fields.ts'
import { Id, LinePattern, Timestamp, UrlPattern } from '../platform/http/fields.ts'

const EntityType = Type.With(Id, { description: 'What kind of thing it is: `product`, `service`, …' })
const EntityId = Type.With(Id, { description: 'Your id of the thing, unique among those of its type.' })
const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: LinePattern,
  description: 'What people call it.',
})
const Url = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 2_000,
  pattern: UrlPattern,
  description: 'Its page, http or https; none if absent or null.',
})
const OwnerId = Type.Unsafe<string | null>({
  ...Id,
  type: ['string', 'null'],
  description: 'The user who answers for it; none if absent or null.',
})

export const EntityPath = Closed({ entity_type: EntityType, entity_id: EntityId })

export const PutEntity = Closed(
  { name: Name, url: Type.Optional(Url), owner_id: Type.Optional(OwnerId) },
  { title: 'EntityProfile', description: 'What is absent is cleared.' },
)

export const EntityBody = Closed(
  {
    entity_type: EntityType,
    entity_id: EntityId,
    name: Name,
    url: Url,
    owner_id: OwnerId,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Entity' },
)
