import type { Exchange, Operation } from '../platform/http/openapi/operation.ts'
import { exampleProblem } from '../platform/http/openapi/problems.ts'

const tag = 'Users'
const path = { user_id: 'user-456' }
const at = '2026-11-23T10:30:00.000Z'
const profile = { email: 'ada@example.com', name: 'Ada', locale: 'en-GB' }
const user = { ...path, ...profile, created_at: at, updated_at: at }
const preferences = { email: { review_created: false, review_updated: true, review_deleted: true } }

const unregistered: Exchange = {
  summary: 'A user who is not registered',
  path: { user_id: 'nobody' },
  status: 404,
  answer: exampleProblem('not_found', '/api/v1/users/nobody/preferences', {
    detail: 'there is no such user',
  }),
}

const putUser: Operation = {
  id: 'putUser',
  tag,
  summary: 'Register a user, or change their profile',
  description: `Says where mail to a user goes. The whole profile is put: what is absent is cleared, and a profile that
is the same already changes nothing. Users put their own, administrators and servers that of anyone. Users need not
be registered to write reviews.

The address goes into no event, log or answer but this one.`,
  credentials: 'required',
  scope: 'users:write',
  answers: {
    200: { description: 'The user as they are now.', headers: ['Consistency-Token'] },
    201: { description: 'The user was registered.', headers: ['Consistency-Token'] },
  },
  examples: {
    registered: { summary: 'A new user', path, body: profile, status: 201, answer: user },
    changed: {
      summary: 'Another address, and no name any more',
      path,
      body: { email: 'countess@example.com' },
      status: 200,
      answer: { ...user, email: 'countess@example.com', name: null, locale: null },
    },
  },
}

const getPreferences: Operation = {
  id: 'getPreferences',
  tag,
  summary: 'Read which notices a user wants',
  description: 'Everything, until the user says otherwise. For the user, administrators and servers.',
  credentials: 'required',
  scope: 'users:write',
  answers: { 200: { description: 'The preferences.' } },
  problems: ['not_found'],
  examples: {
    all: {
      summary: 'A user who has not said anything',
      path,
      status: 200,
      answer: { email: { ...preferences.email, review_created: true } },
    },
    unregistered,
  },
}

const putPreferences: Operation = {
  id: 'putPreferences',
  tag,
  summary: 'Say which notices a user wants',
  description: `What is absent stays as it is. It holds for every notice that is sent from now on, also of events that
happened before.`,
  credentials: 'required',
  scope: 'users:write',
  answers: { 200: { description: 'The preferences as they are now.', headers: ['Consistency-Token'] } },
  problems: ['not_found'],
  examples: {
    fewer: {
      summary: 'No thanks for a review any more',
      path,
      body: { email: { review_created: false } },
      status: 200,
      answer: preferences,
    },
    unregistered: { ...unregistered, body: {} },
  },
}

/** What the OpenAPI document says of the routes of users. */
export const userOperations = { putUser, getPreferences, putPreferences }
