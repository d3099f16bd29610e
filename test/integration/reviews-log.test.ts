// The one guarantee that relay, rebuilds, history and gap repair stand on: positions are dense, and become visible in
// their order, whoever writes at once and whatever fails.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { request } from 'undici'
import { readAfter } from '../../src/platform/log/stored-event.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { aReview } from '../support/api.ts'
import { createTestEnvironment } from '../support/environment.ts'

const environment = await createTestEnvironment()
const pool = createPool({ url: environment.DATABASE_URL, size: 4, applicationName: 'test log reader' })
after(() => pool.end())

async function startProcess() {
  const script = new URL('../support/api-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { url: String(line).trim(), stop: () => child.kill('SIGTERM') && once(child, 'exit') }
}

async function post(url: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const answer = await request(`${url}/api/v1/reviews`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  await answer.body.dump()
  return answer.statusCode
}

/** Reads the log as a relay does, until it is told to end, and says what it saw. */
function follow() {
  const seen: number[] = []
  let ended = false
  const reading = (async () => {
    while (true) {
      const last = ended
      const events = await readAfter(pool, seen.at(-1) ?? 0, 500)
      seen.push(...events.map(({ position }) => position))
      if (last && events.length === 0) return seen
    }
  })()
  return {
    end: () => {
      ended = true
      return reading
    },
  }
}

test('two processes, conflicts and rollbacks: a reader after its cursor misses nothing and sees no hole', async () => {
  const processes = await Promise.all([startProcess(), startProcess()])
  const reader = follow()

  // Appends that take their positions and are rolled back, by which an identity column would leave holes.
  let rollingBack = true
  const rollbacks = (async () => {
    const client = await pool.connect()
    while (rollingBack) {
      await client.query('begin')
      await client.query('update log_head set position = position + 3')
      await client.query('rollback')
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    client.release()
  })()

  const statuses = await Promise.all(
    Array.from({ length: 24 }, async (_, writer) => {
      const { url } = processes[writer % 2] ?? assert.fail()
      const answers: number[] = []
      for (let nth = 0; nth < 60; nth += 1) {
        // Every pair is wanted by one writer of each process.
        const body = { ...aReview, user_id: `writer-${writer >> 1}`, entity_id: `entity-${nth}` }
        answers.push(await post(url, body))
      }
      return answers
    }),
  )
  rollingBack = false
  await rollbacks

  const created = statuses.flat().filter((status) => status === 201).length
  assert.deepEqual(new Set(statuses.flat()), new Set([201, 409]))
  assert.equal(created, 12 * 60)
  const seen = await reader.end()
  assert.deepEqual(
    seen,
    Array.from({ length: created }, (_, nth) => nth + 1),
  )
  const { rows } = await pool.query(
    'select (select position from log_head) as head, count(*) as events from events',
  )
  assert.deepEqual(rows[0], { head: created, events: created })
  await Promise.all(processes.map((one) => one.stop()))
})
