const fields = {
  entity_type: { type: 'string', minLength: 1, maxLength: 200 },
  entity_id: { type: 'string', minLength: 1, maxLength: 200 },
  user_id: { type: 'string', minLength: 1, maxLength: 200 },
  rating: { type: 'number', enum: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5] },
  title: { type: ['string', 'null'], maxLength: 200 },
  content: { type: 'string', minLength: 1, maxLength: 10_000 },
}

export const bodySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['entity_type', 'entity_id', 'user_id', 'rating', 'content'],
  properties: fields,
}

export const reviewSchema = {
  type: 'object',
  properties: { ...fields, review_id: { type: 'string' }, created_at: { type: 'string' } },
}
