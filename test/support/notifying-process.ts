import type { NoticeEvent } from '../../src/notifications/notice.ts'
import { createPool } from '../../src/platform/postgres/pool.ts'
import { startTestWorker } from './notification-worker.ts'

// A process of its own that handles one event, for a test that kills it in the middle.
const [url = '', smtpUrl = '', event = ''] = process.argv.slice(2)
const db = createPool({ url, size: 2, applicationName: 'notifying process' })
await startTestWorker({ db, smtpUrl }).handle([JSON.parse(event) as NoticeEvent])
