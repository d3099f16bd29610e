import { analyticsHandler } from '../analytics/handler.ts'
import { runService } from '../platform/service.ts'
import { variablesOf } from './variables.ts'
import { openCache, openDatabase, startWorker } from './worker.ts'

const name = 'analytics-worker'

await runService(name, variablesOf[name], async (service) => {
  const db = await openDatabase(service, name, { lock: 5_000, statement: 15_000 })
  const { redis, cache } = openCache(service, name)
  await startWorker(service, {
    name,
    db,
    handler: analyticsHandler({ db, cache }),
    port: service.config.ANALYTICS_WORKER_PORT,
    dependencies: [{ name: 'redis', check: () => redis.ping() }],
  })
})
