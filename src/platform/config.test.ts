import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, readConfig, sections, variableNames } from './config.ts'
import { logLevelsForm } from './telemetry/log-levels.ts'

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

test('lists are read', () => {
  const { CORS_ORIGINS, TRUST_PROXY } = readConfig(['CORS_ORIGINS', 'TRUST_PROXY'], {
    CORS_ORIGINS: 'https://shop.example, http://localhost:3000',
    TRUST_PROXY: 'loopback,10.0.0.0/8, ::1',
  })
  assert.deepEqual(CORS_ORIGINS, ['https://shop.example', 'http://localhost:3000'])
  assert.deepEqual(TRUST_PROXY, ['loopback', '10.0.0.0/8', '::1'])
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
      'REDIS_URL is not set: it wants a URL that starts with redis:// or rediss:// (Redis, with the number of its database)',
      'API_PORT is "99999": it wants a whole number from 0 to 65535',
      `LOG_LEVEL is "loud": it wants ${logLevelsForm}`,
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
  ['AUTH_SECRET', 'x'.repeat(31)],
  ['CORS_ORIGINS', 'shop.example'],
  ['CORS_ORIGINS', 'https://shop.example/'],
  ['CORS_ORIGINS', 'https://shop.example,'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.0/8/8'],
  ['TRUST_PROXY', 'proxy.example'],
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

const api = ['API_HOST', 'ALLOW_UNAUTHENTICATED', 'CORS_ORIGINS', 'AUTH_JWKS_URL', 'AUTH_SECRET'] as const
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig([...api, 'AUTH_ISSUER', 'AUTH_AUDIENCE'], environment)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.problems : assert.fail('it is no ConfigError')
  }
}
const secret = 'x'.repeat(32)

for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
  test(`an open API may listen on ${host}`, () => assert.deepEqual(problemsOf({ API_HOST: host }), []))
}

for (const host of ['0.0.0.0', '::', '192.168.1.7', 'shop.example', '127.0.0.1.evil.example']) {
  test(`an open API may not listen on ${host}, unless somebody says so`, () => {
    assert.match(problemsOf({ API_HOST: host })[0] ?? '', /API_HOST.*ALLOW_UNAUTHENTICATED/)
    assert.deepEqual(problemsOf({ API_HOST: host, ALLOW_UNAUTHENTICATED: 'true' }), [])
    assert.deepEqual(problemsOf({ API_HOST: host, AUTH_SECRET: secret }), [])
  })
}

test('what contradicts itself is refused, together with all else, and without the secret', () => {
  const problems = problemsOf({ AUTH_JWKS_URL: 'http://keys/', AUTH_SECRET: secret, API_HOST: '' })
  assert.deepEqual(problems, [
    'AUTH_JWKS_URL and AUTH_SECRET are both set: tokens are verified by one of them',
  ])
  assert.match(problemsOf({ AUTH_ISSUER: 'https://id.example' })[0] ?? '', /AUTH_ISSUER would not be checked/)
  assert.match(problemsOf({ CORS_ORIGINS: '*' })[0] ?? '', /any web page/)
  assert.deepEqual(problemsOf({ CORS_ORIGINS: '*', AUTH_SECRET: secret }), [])
})

test('a rule says nothing of variables that a process does not read', () => {
  assert.equal(readConfig(['API_HOST'], { API_HOST: '0.0.0.0' }).API_HOST, '0.0.0.0')
})

test('documentation has every variable, in one section', () => {
  const documented = Object.values(sections).flatMap((members) => Object.keys(members))
  assert.deepEqual(documented.sort(), variableNames.toSorted())
})
