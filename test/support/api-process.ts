// An API in a process of its own, for tests of several writers: `node api-process.ts` prints its URL.
import { startTestApi } from './api.ts'

const { DATABASE_URL, REDIS_URL } = process.env
if (!DATABASE_URL || !REDIS_URL) throw new Error('DATABASE_URL and REDIS_URL are the test environment')
const api = await startTestApi({ DATABASE_URL, REDIS_URL })
const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`${url}\n`)
process.on('SIGTERM', () => void api.stop().then(() => process.exit(0)))
