import type { Link, Operation } from '../platform/http/openapi/operation.ts'
import {
  createExamples,
  getExamples,
  historyExamples,
  listExamples,
  removeExamples,
  updateExamples,
} from './examples.ts'

const tag = 'Reviews'

const toReview = (operationId: string, description: string): Link => ({
  operationId,
  description,
  parameters: { review_id: '$response.body#/review_id' },
})

const links = {
  review: toReview('getReview', 'Reads the review.'),
  change: toReview('updateReview', 'Changes the review.'),
  deletion: toReview('deleteReview', 'Deletes the review.'),
  history: toReview('getReviewHistory', 'Tells what happened to the review.'),
}

const createReview: Operation = {
  id: 'createReview',
  tag,
  summary: 'Write a review',
  description: `Writes a user's review of a thing of any kind. A user has at most one live review of a thing: a second
one is refused with 409 \`review_already_exists\`, and \`existing\` says where the first one is. After its deletion
the user may write another, which gets an id of its own.

Send an \`Idempotency-Key\`, and send the same request again whenever you do not know whether it worked: the review
is written once, and you get the answer of the first time.`,
  credentials: 'required',
  scope: 'reviews:write',
  reads: ['Idempotency-Key'],
  answers: {
    201: {
      description: 'The review was written.',
      headers: ['Location', 'ETag', 'Consistency-Token', 'Idempotent-Replayed'],
      links,
    },
  },
  problems: ['review_already_exists'],
  examples: createExamples,
}

const getReview: Operation = {
  id: 'getReview',
  tag,
  summary: 'Read a review',
  description: `Answers the review as it is at this moment: whoever has got the answer of a write sees it here. Keep
the \`ETag\` for a later change, and to ask again cheaply with \`If-None-Match\`.`,
  credentials: 'optional',
  reads: ['If-None-Match'],
  answers: {
    200: { description: 'The review.', headers: ['ETag'], links },
    304: { description: 'The version that you have is the current one.', headers: ['ETag'] },
  },
  problems: ['review_not_found', 'review_deleted'],
  examples: getExamples,
}

const updateReview: Operation = {
  id: 'updateReview',
  tag,
  summary: 'Change a review',
  description: `Changes what the body names and leaves the rest; \`title: null\` removes the headline. A body that
changes nothing is fine, and leaves the version as it is. Only the author may change a review, or, with an API key,
a server.

Without \`If-Match\` the change is applied to whatever the review is by then. To decide on what you have seen,
send its \`ETag\` as \`If-Match\`: after 412 \`version_mismatch\` read the review again and decide again. This call
may be sent again as it is: the second time changes nothing (with \`If-Match\` it answers 412 if the first one worked).`,
  credentials: 'required',
  scope: 'reviews:write',
  reads: ['If-Match'],
  answers: {
    200: { description: 'The review as it is now.', headers: ['ETag', 'Consistency-Token'], links },
  },
  problems: ['review_not_found', 'review_deleted'],
  examples: updateExamples,
}

const deleteReview: Operation = {
  id: 'deleteReview',
  tag,
  summary: 'Delete a review',
  description: `Deletes a review for ever. To ask again is the same as once: the answer is 204 also for one that is
deleted already, whatever \`If-Match\` says. Authors delete their own reviews; moderators delete any, and give a
\`reason\`.`,
  credentials: 'required',
  scope: 'reviews:write',
  reads: ['If-Match'],
  answers: { 204: { description: 'The review is deleted.', headers: ['Consistency-Token'] } },
  problems: ['review_not_found'],
  examples: removeExamples,
}

const listReviews: Operation = {
  id: 'listReviews',
  tag,
  summary: 'List reviews',
  description: `Answers live reviews, as many as \`limit\` says, with \`next_cursor\` for the next page: send the same
request with it as \`cursor\`, until \`next_cursor\` is null. Reviews that are written or deleted meanwhile do no
harm: each one that is there all the time is in exactly one page.

The answer may come from a cache that lags behind by milliseconds. To see a write of yours, send its
\`Consistency-Token\`.`,
  credentials: 'optional',
  reads: ['Consistency-Token'],
  answers: {
    200: {
      description: 'One page of reviews.',
      headers: ['Consistency-Status'],
      links: {
        next_page: {
          operationId: 'listReviews',
          description: 'The next page; add the filter and order of this one.',
          parameters: { cursor: '$response.body#/next_cursor' },
        },
      },
    },
  },
  problems: ['invalid_cursor'],
  examples: listExamples,
}

const getReviewHistory: Operation = {
  id: 'getReviewHistory',
  tag,
  summary: 'Read what happened to a review',
  description: `Answers the events of a review, oldest first, as other services get them from Kafka. The history of a
deleted review is for its author and for moderators; everybody else gets 410.`,
  credentials: 'optional',
  answers: {
    200: {
      description: 'The events.',
      links: {
        next: {
          operationId: 'getReviewHistory',
          description: 'The events that follow.',
          parameters: { review_id: '$request.path.review_id', after: '$response.body#/next_after' },
        },
      },
    },
  },
  problems: ['review_not_found', 'review_deleted'],
  examples: historyExamples,
}

export const reviewOperations = {
  createReview,
  getReview,
  updateReview,
  deleteReview,
  listReviews,
  getReviewHistory,
}
