import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '../telemetry/logger.ts'
import { admitOpenApi } from './exposure.ts'

const log = createLogger({ service: 'test', level: 'silent', format: 'json' })

for (const host of ['127.0.0.1', 'localhost', '::1']) {
  test(`an open API may listen on ${host}`, () => {
    admitOpenApi({ API_HOST: host, ALLOW_UNAUTHENTICATED: false }, log)
  })
}

for (const host of ['0.0.0.0', '::', '192.168.1.7', 'shop.example', '127.0.0.1.evil.example']) {
  test(`an open API may not listen on ${host}, unless somebody says so`, () => {
    assert.throws(
      () => admitOpenApi({ API_HOST: host, ALLOW_UNAUTHENTICATED: false }, log),
      /API_HOST.*ALLOW_UNAUTHENTICATED/,
    )
    admitOpenApi({ API_HOST: host, ALLOW_UNAUTHENTICATED: true }, log)
  })
}
