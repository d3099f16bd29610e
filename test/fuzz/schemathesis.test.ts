// Schemathesis makes up requests from the OpenAPI document, valid and not, one by one and in sequences, and compares
// the answers with the document. `npm run test:fuzz` gives it more time.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { before, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/launcher/ports.ts'
import { createTestEnvironment } from '../support/environment.ts'
import { asUser, testSecret } from '../support/tokens.ts'
import { until } from '../support/until.ts'
import { secondsOf } from './budget.ts'
import { installSchemathesis, runSchemathesis } from './schemathesis.ts'

const entry = fileURLToPath(new URL('../../src/services/api.ts', import.meta.url))
const modes = { 'without authentication': {}, 'with authentication': { AUTH_SECRET: testSecret } }
const seconds = Math.ceil(secondsOf(process.env.FUZZ_BUDGET ?? '60s') / Object.keys(modes).length)

before(installSchemathesis)

for (const [mode, variables] of Object.entries(modes)) {
  test(`${mode}, every answer to what is made up is as the document says`, async (t) => {
    const api = await startApi(t, variables)
    const user = await asUser('fuzzer', 'admin', 'moderator', 'operator')
    const token = 'AUTH_SECRET' in variables ? user.authorization : null
    const otherClient = readMeanwhile(api.url)
    const { code, output } = await runSchemathesis(api.url, { seconds, token })
    const others = await otherClient.stop()
    t.diagnostic(output.slice(output.indexOf('Test cases:')).trim())
    assert.equal(code, 0, output)
    assert.deepEqual(api.errors, [])
    assert.deepEqual(others.refused, [])
    t.diagnostic(`another client read ${others.read} times meanwhile, the slowest in ${others.slowestMs} ms`)
  })
}

/** The API as a process of its own, with what it logs of its own mistakes. */
async function startApi(t: TestContext, variables: Record<string, string>) {
  const port = await freePort()
  const child = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      ...(await createTestEnvironment()),
      ...variables,
      API_PORT: String(port),
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const errors: string[] = []
  createInterface(child.stdout).on('line', (line) => errors.push(line))
  t.after(async () => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  await until('the api is ready', async () => (await fetch(`${url}/health/ready`)).ok, { timeoutMs: 60_000 })
  return { url, errors }
}

/** A client that has nothing to do with it, and reads all the time. */
function readMeanwhile(url: string) {
  const stopping = new AbortController()
  const refused: number[] = []
  let [read, slowestMs] = [0, 0]
  const reading = (async () => {
    while (!stopping.signal.aborted) {
      const begin = performance.now()
      const { status } = await fetch(`${url}/api/v1/entities/product/${randomUUID()}/stats`)
      if (status !== 200) refused.push(status)
      read += 1
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - begin))
      await pause(50)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await reading
      return { read, refused, slowestMs }
    },
  }
}
