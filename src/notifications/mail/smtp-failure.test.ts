import assert from 'node:assert/strict'
import { test } from 'node:test'
import { smtpFailure } from './smtp-failure.ts'

const cases: readonly [string, object, string, string][] = [
  [
    'a recipient refused for good',
    { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO' },
    'mail_rejected',
    'fatal',
  ],
  [
    'contents refused for good',
    { code: 'EMESSAGE', responseCode: 554, command: 'DATA' },
    'mail_rejected',
    'fatal',
  ],
  ['an address that is none', { code: 'EENVELOPE', command: 'API' }, 'mail_rejected', 'fatal'],
  ['a mail over the limit', { code: 'EMESSAGE', command: 'MAIL FROM' }, 'mail_rejected', 'fatal'],
  [
    'a full mailbox',
    { code: 'EENVELOPE', responseCode: 452, command: 'RCPT TO' },
    'mail_deferred',
    'retryable',
  ],
  ['greylisting', { code: 'EENVELOPE', responseCode: 450, command: 'RCPT TO' }, 'mail_deferred', 'retryable'],
  ['a local error', { code: 'EMESSAGE', responseCode: 451, command: 'DATA' }, 'mail_deferred', 'retryable'],
  [
    'a sender refused',
    { code: 'EENVELOPE', responseCode: 550, command: 'MAIL FROM' },
    'mail_unavailable',
    'retryable',
  ],
  [
    'a server that closes',
    { code: 'EENVELOPE', responseCode: 421, command: 'RCPT TO' },
    'mail_unavailable',
    'retryable',
  ],
  ['a session out of step', { code: 'EMESSAGE', responseCode: 503 }, 'mail_unavailable', 'retryable'],
  [
    'a wrong password',
    { code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' },
    'mail_unavailable',
    'retryable',
  ],
  ['nobody listening', { code: 'ESOCKET', command: 'CONN' }, 'mail_unavailable', 'retryable'],
  ['a lost connection', { code: 'ECONNECTION' }, 'mail_unavailable', 'retryable'],
  ['no answer in time', { code: 'EABORT' }, 'mail_unavailable', 'retryable'],
  ['no such host', { code: 'EDNS' }, 'mail_unavailable', 'retryable'],
]
for (const [what, error, code, verdict] of cases) {
  test(`${what} is ${code}`, () => {
    const failure = smtpFailure(Object.assign(new Error('x'), error))
    assert.equal(failure.code, code)
    assert.equal(failure.verdict, verdict)
  })
}

test('what is not understood is tried again', () => {
  for (const thrown of ['a text', null, undefined, new Error('x')]) {
    assert.equal(smtpFailure(thrown).code, 'mail_unavailable')
  }
})

test('no address and no answer of the server gets into the error', () => {
  const response = '550 5.1.1 <ann@example.test>: no such user'
  const error = { code: 'EENVELOPE', responseCode: 550, command: 'RCPT TO', response, message: response }
  const failure = smtpFailure(error)
  assert.equal(failure.message, 'the mail server refused the mail: 550 to RCPT TO')
  assert.equal(failure.cause, undefined)
})
