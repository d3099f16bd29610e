import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

test('what is set is parsed, and what is not has its default', () => {
  const config = readConfig(['KAFKA_BROKERS', 'API_PORT', 'KAFKA_PREFIX', 'SCHEMA_REGISTRY_URL'], {
    KAFKA_BROKERS: 'localhost:9092, [::1]:9093',
    API_PORT: '8080',
  })
  assert.deepEqual(config, {
    KAFKA_BROKERS: ['localhost:9092', '[::1]:9093'],
    API_PORT: 8080,
    KAFKA_PREFIX: '',
    SCHEMA_REGISTRY_URL: null,
  })
})

test('a variable can come from a file, without the newline at its end', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'url')
  writeFileSync(path, 'postgres://u:p@localhost/db\n')
  assert.equal(
    readConfig(['DATABASE_URL'], { DATABASE_URL_FILE: path }).DATABASE_URL,
    'postgres://u:p@localhost/db',
  )
})

test('every problem is named at once, with the value, and the remedy', () => {
  const read = () =>
    readConfig(['REDIS_URL', 'API_PORT', 'LOG_LEVEL', 'KAFKA_BROKERS'], {
      API_PORT: '99999',
      LOG_LEVEL: 'loud',
      KAFKA_BROKERS: 'localhost',
    })
  assert.throws(read, (error) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems, [
      'REDIS_URL is not set: it wants Redis, with the number of its database',
      'API_PORT is "99999": it wants a whole number from 0 to 65535',
      'LOG_LEVEL is "loud": it wants trace, debug, info, warn, error or silent',
      'KAFKA_BROKERS is "localhost": it wants host:port, several separated by commas',
    ])
    return true
  })
})

const refused: [name: Parameters<typeof readConfig>[0][number], value: string][] = [
  ['DATABASE_URL', 'mysql://localhost/db'],
  ['DATABASE_URL', 'not a url'],
  ['REDIS_URL', 'http://localhost'],
  ['SMTP_URL', 'localhost:25'],
  ['SCHEMA_REGISTRY_URL', 'ftp://localhost'],
  ['KAFKA_BROKERS', 'a:1,,b:2'],
  ['KAFKA_PREFIX', 'with space'],
  ['DATABASE_POOL_SIZE', '1.5'],
  ['DATABASE_POOL_SIZE', '0x10'],
  ['ALLOW_UNAUTHENTICATED', 'yes'],
  ['STATS_PRIOR_MEAN', 'NaN'],
  ['LOG_FORMAT', 'xml'],
]

for (const [name, value] of refused) {
  test(`${name} refuses ${JSON.stringify(value)}`, () => {
    assert.throws(() => readConfig([name], { [name]: value }), ConfigError)
  })
}

test('a secret never shows in an error', () => {
  assert.throws(
    () => readConfig(['DATABASE_URL'], { DATABASE_URL: 'mysql://u:hunter2@localhost' }),
    (error) => error instanceof ConfigError && !error.message.includes('hunter2'),
  )
})

test('a variable and its file together are refused, and so is a file that is not there', () => {
  assert.throws(() => readConfig(['SMTP_URL'], { SMTP_URL: 'smtp://a', SMTP_URL_FILE: '/x' }), /both set/)
  assert.throws(() => readConfig(['SMTP_URL'], { SMTP_URL_FILE: '/does/not/exist' }), /ENOENT/)
})
