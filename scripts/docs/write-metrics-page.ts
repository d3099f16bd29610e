/** Writes docs/metrics.md anew: `npm run docs:metrics`. */
import { writeFile } from 'node:fs/promises'
import { metricsPage, metricsPageUrl } from './metrics-page.ts'

await writeFile(metricsPageUrl, metricsPage())
process.stdout.write('docs/metrics.md is written.\n')
