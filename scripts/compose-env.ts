/** Prints what compose.yaml asks for, with passwords made now: `npm run -s compose:env > .env && chmod 600 .env`. */
import { randomBytes } from 'node:crypto'

for (const name of ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD']) {
  process.stdout.write(`${name}=${randomBytes(24).toString('hex')}\n`)
}
