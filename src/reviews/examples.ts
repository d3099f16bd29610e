import { reviewCreated } from '../contracts/events/review-created.ts'
import { reviewDeleted } from '../contracts/events/review-deleted.ts'
import { reviewUpdated } from '../contracts/events/review-updated.ts'
import { exampleOf } from '../contracts/example.ts'
import type { Exchange } from '../platform/http/openapi/operation.ts'
import { exampleProblem } from '../platform/http/openapi/problems.ts'

// The life of one review, and a second one beside it, as the document's examples tell it. A test plays it: it sends
// each request and compares each answer.
const id = '019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'
const otherId = '019a0c5f-02d4-7e88-8b1a-5c0e7d2f9a31'
const path = { review_id: id }
const url = `/api/v1/reviews/${id}`

const tokens = {
  first: 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDEsMV0',
  second: 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDIsM10',
  third: 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDMsNF0',
}
const key = { 'Idempotency-Key': '7c9e6679-7425-40de-944b-e07fc1f90ae7' }

const wanted = {
  entity_type: 'product',
  entity_id: 'prod-123',
  user_id: 'user-456',
  rating: 4.5,
  title: 'Good value',
  content: 'Does what it says.',
}
const review = {
  review_id: id,
  ...wanted,
  version: 1,
  created_at: '2026-11-23T10:30:00.000Z',
  updated_at: '2026-11-23T10:30:00.000Z',
}
const changed = { ...review, rating: 3, title: null, version: 2, updated_at: '2026-11-23T10:32:00.000Z' }
const other = {
  review_id: otherId,
  entity_type: 'product',
  entity_id: 'gid://shopify/Product/1',
  user_id: 'user-456',
  rating: 5,
  title: null,
  content: '二回目の購入です。',
  version: 1,
  created_at: '2026-11-23T10:31:00.000Z',
  updated_at: '2026-11-23T10:31:00.000Z',
}

export const createExamples = {
  review: {
    summary: 'A review, safe to send again',
    headers: key,
    body: wanted,
    status: 201,
    answerHeaders: { Location: url, ETag: '"1"', 'Consistency-Token': tokens.first },
    answer: review,
  },
  sent_again: {
    summary: 'The same request again, since its answer got lost',
    headers: key,
    body: wanted,
    status: 201,
    answerHeaders: { Location: url, ETag: '"1"', 'Idempotent-Replayed': 'true' },
    answer: review,
  },
  ids_of_any_script: {
    summary: 'No headline, and an id that has to be encoded in paths',
    body: {
      entity_type: 'product',
      entity_id: 'gid://shopify/Product/1',
      user_id: 'user-456',
      rating: 5,
      content: '二回目の購入です。',
    },
    status: 201,
    answer: other,
  },
  reviewed_already: {
    summary: 'A second review by the same user of the same thing',
    body: { ...wanted, rating: 5 },
    status: 409,
    answer: exampleProblem('review_already_exists', '/api/v1/reviews', {
      detail: 'the user has a review of this already: change or delete that',
      members: { existing: url },
    }),
  },
  two_mistakes: {
    summary: 'A rating that is none, and a field that is unknown',
    body: { ...wanted, rating: 6, colour: 'red' },
    status: 422,
    answer: exampleProblem('validation_failed', '/api/v1/reviews', {
      detail: 'body /colour is not known here; body /rating must be <= 5',
      errors: [
        { in: 'body', pointer: '/colour', code: 'unknown', detail: 'is not known here' },
        {
          in: 'body',
          pointer: '/rating',
          code: 'maximum',
          detail: 'must be <= 5',
        },
      ],
    }),
  },
} satisfies Record<string, Exchange>

export const getExamples = {
  review: { summary: 'A review', path, status: 200, answerHeaders: { ETag: '"1"' }, answer: review },
  unchanged: {
    summary: 'Nothing new for who has version 1',
    path,
    headers: { 'If-None-Match': '"1"' },
    status: 304,
    answerHeaders: { ETag: '"1"' },
  },
  never_was: {
    summary: 'An id that no review has',
    path: { review_id: '019a0c5e-7b1f-7c3a-9d55-000000000000' },
    status: 404,
    answer: exampleProblem('review_not_found', '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-000000000000', {
      detail: 'there is no such review',
    }),
  },
  deleted: {
    summary: 'After its deletion',
    path,
    status: 410,
    answer: exampleProblem('review_deleted', url, { detail: 'the review was deleted' }),
  },
} satisfies Record<string, Exchange>

export const updateExamples = {
  rating_and_title: {
    summary: 'Another rating and no headline, if nobody changed the review since version 1',
    path,
    headers: { 'If-Match': '"1"' },
    body: { rating: 3, title: null },
    status: 200,
    answerHeaders: { ETag: '"2"', 'Consistency-Token': tokens.second },
    answer: changed,
  },
  nothing: {
    summary: 'Nothing, which is no change',
    path,
    body: {},
    status: 200,
    answerHeaders: { ETag: '"2"', 'Consistency-Token': tokens.second },
    answer: changed,
  },
  too_late: {
    summary: 'Decided on version 1, which is no longer the current one',
    path,
    headers: { 'If-Match': '"1"' },
    body: { rating: 1 },
    status: 412,
    answer: exampleProblem('version_mismatch', url, { detail: 'the review is at version 2 now' }),
  },
} satisfies Record<string, Exchange>

export const removeExamples = {
  with_a_reason: {
    summary: 'With a reason',
    path,
    query: { reason: 'Posted by mistake' },
    headers: { 'If-Match': '"2"' },
    status: 204,
    answerHeaders: { 'Consistency-Token': tokens.third },
  },
  again: { summary: 'Again, which is the same as once', path, status: 204 },
} satisfies Record<string, Exchange>

const cursor =
  'WyIyMDI2LTExLTIzVDEwOjMwOjAwLjAwMFoiLCIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLCJ4Il0'
const ofTheUser = { user_id: 'user-456', sort: 'oldest', limit: 1 }

export const listExamples = {
  of_a_product: {
    summary: 'The newest reviews of a product, the write before included',
    query: { entity_type: 'product', entity_id: 'prod-123' },
    headers: { 'Consistency-Token': tokens.first },
    status: 200,
    answer: { items: [review], next_cursor: null },
  },
  first_page: {
    summary: 'The first of a user, one at a time',
    query: ofTheUser,
    status: 200,
    answer: { items: [review], next_cursor: cursor },
  },
  last_page: {
    summary: 'The page after it, which is the last',
    query: { ...ofTheUser, cursor },
    status: 200,
    answer: { items: [other], next_cursor: null },
  },
  cursor_of_another_list: {
    summary: 'A cursor with another order than the one that it is from',
    query: { ...ofTheUser, sort: 'newest', cursor },
    status: 400,
    answer: exampleProblem('invalid_cursor', '/api/v1/reviews', {
      detail: 'the cursor belongs to another list, or was changed',
    }),
  },
} satisfies Record<string, Exchange>

const { user_id, entity_type, entity_id } = wanted
const about = { review_id: id, user_id, entity_type, entity_id }
const event = exampleOf(reviewCreated)

export const historyExamples = {
  of_a_deleted_review: {
    summary: 'From the first event to the last',
    path,
    status: 200,
    answer: {
      items: [
        {
          ...event,
          timestamp: review.created_at,
          data: { ...about, rating: 4.5, title: 'Good value', content: 'Does what it says.' },
          position: 1,
        },
        {
          ...event,
          ...exampleOf(reviewUpdated),
          event_id: '019a0c60-51aa-7f1c-bb3e-9b1d3a77c5d2',
          timestamp: changed.updated_at,
          aggregate_version: 2,
          data: {
            ...about,
            changes: { rating: { old: 4.5, new: 3 }, title: { old: 'Good value', new: null } },
            updated_by: 'user-456',
          },
          position: 3,
        },
        {
          ...event,
          ...exampleOf(reviewDeleted),
          event_id: '019a0c61-93b7-7a40-a6f5-3c8e1d2b4f60',
          timestamp: '2026-11-23T10:33:00.000Z',
          aggregate_version: 3,
          data: { ...about, rating: 3, deleted_by: 'user-456', reason: 'Posted by mistake' },
          position: 4,
        },
      ],
      next_after: null,
    },
  },
} satisfies Record<string, Exchange>
