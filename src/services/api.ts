import { probes } from '../platform/http/probes.ts'
import { createHttpServer } from '../platform/http/server.ts'
import { assertMigrated, readMigrations } from '../platform/postgres/migrate.ts'
import { createPool } from '../platform/postgres/pool.ts'
import { runService } from '../platform/service.ts'
import { ReviewWriter } from '../reviews/review-writer.ts'
import { reviewRoutes } from '../reviews/routes.ts'

const variables = ['DATABASE_URL', 'DATABASE_POOL_SIZE', 'API_HOST', 'API_PORT'] as const

await runService('api', variables, async ({ config, log, tracer, metrics, onStop, isDraining }) => {
  const db = createPool({
    url: config.DATABASE_URL,
    size: config.DATABASE_POOL_SIZE,
    applicationName: 'thereview api',
    onIdleError: (error) => log.warn({ err: error }, 'an idle postgres connection was lost'),
  })
  onStop('postgres', () => db.end())
  await assertMigrated(db, await readMigrations())

  const writer = new ReviewWriter({ db, now: () => new Date() })
  const app = createHttpServer({ tracer, log, metrics, open: { allowedHosts: [] } })
  await app.register(probes, {
    dependencies: [{ name: 'postgres', check: () => db.query('select 1'), essential: true }],
    metrics,
    isDraining,
  })
  await app.register(reviewRoutes, { writer, db })
  onStop('http', () => app.close())
  await app.listen({ host: config.API_HOST, port: config.API_PORT })
})
