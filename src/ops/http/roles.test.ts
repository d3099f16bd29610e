import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../../platform/identity/identity.ts'
import { consoleRoleOf } from './roles.ts'

const user = (...roles: Role[]) => ({
  kind: 'user' as const,
  subject: 'u',
  roles: new Set(roles),
  expiresAt: Number.POSITIVE_INFINITY,
})

test('in local mode anybody may do anything', () => assert.equal(consoleRoleOf({ kind: 'anybody' }), 'admin'))
test('a token without a role opens nothing', () => assert.equal(consoleRoleOf(user()), null))
test('a moderator looks on', () => assert.equal(consoleRoleOf(user('moderator')), 'viewer'))
test('an operator operates', () => assert.equal(consoleRoleOf(user('moderator', 'operator')), 'operator'))
test('the highest role counts', () => assert.equal(consoleRoleOf(user('operator', 'admin')), 'admin'))
