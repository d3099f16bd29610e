/** Prints what compose.yaml asks for in `.env`, with passwords made now. */
import { randomBytes } from 'node:crypto'

for (const name of ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'GRAFANA_PASSWORD']) {
  process.stdout.write(`${name}=${randomBytes(24).toString('hex')}\n`)
}
