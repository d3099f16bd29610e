import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRetryable } from '../errors.ts'
import { withPostgres } from './pool.ts'

/** As `pg` throws it: with the server's SQLSTATE, or the system's name for what went wrong, as its code. */
const coded = (code: string) => Object.assign(new Error('no'), { code })

const waits: [what: string, error: Error][] = [
  ['a connection failure', coded('08006')],
  ['a standby, or a primary made read-only', coded('25006')],
  ['a session ended because we stood still', coded('25P03')],
  ['a transaction that took too long', coded('25P04')],
  ['a role that may not log in', coded('28000')],
  ['a password that is being changed', coded('28P01')],
  ['a database that is being made anew', coded('3D000')],
  ['a serialization failure', coded('40001')],
  ['a commit of which nothing is known', coded('40003')],
  ['a deadlock', coded('40P01')],
  ['a right that was taken away', coded('42501')],
  ['a table that is being restored', coded('42P01')],
  ['a schema that is being restored', coded('3F000')],
  ['a full disk', coded('53100')],
  ['too many connections', coded('53300')],
  ['a lock that others hold', coded('55P03')],
  ['a statement that was cancelled', coded('57014')],
  ['a shutdown', coded('57P01')],
  ['a crash', coded('57P02')],
  ['a server that starts', coded('57P03')],
  ['a disk that fails', coded('58030')],
  ['a damaged file', coded('XX001')],
  ...[
    ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTCONN', 'ENOENT', 'EMFILE'],
    ['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_STREAM_DESTROYED'],
  ]
    .flat()
    .map((code): [string, Error] => [code, coded(code)]),
  ...[
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'The server does not support SSL connections',
    'SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature is missing',
  ].map((message): [string, Error] => [message, new Error(message)]),
]

for (const [what, error] of waits) {
  test(`nothing but time mends, so it is tried again: ${what}`, async () => {
    await assert.rejects(
      withPostgres(() => Promise.reject(error)),
      isRetryable,
    )
  })
}

const faults: [what: string, error: Error][] = [
  ['a number out of range', coded('22003')],
  ['a text with U+0000', coded('22021')],
  ['a value of another type', coded('22P02')],
  ['a missing row', coded('23503')],
  ['a duplicate', coded('23505')],
  ['a function that is not there', coded('42883')],
  ['a row that is too long for its index', coded('54000')],
  ['an argument that Node refuses', coded('ERR_INVALID_ARG_TYPE')],
  ['a bug', new TypeError('x is not a function')],
]

for (const [what, error] of faults) {
  test(`waiting does not help against it: ${what}`, async () => {
    await assert.rejects(
      withPostgres(() => Promise.reject(error)),
      error,
    )
  })
}
