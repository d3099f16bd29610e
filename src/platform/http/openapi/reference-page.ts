import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { fastify } from 'fastify'

// No script but this server's, and no request to anywhere else, whatever Scalar or the document says. Scalar makes
// its style elements itself: that is what `unsafe-inline` is for.
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Addresses are relative, so that the page also works behind a proxy that adds a path. */
export function referencePage(title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript. The document itself is <a href="openapi.json">openapi.json</a>.</noscript>
    <script src="docs/scalar.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`
}

// What Scalar would offer beyond the reference (its own services, fonts, telemetry, a chat) stays off.
const settings = {
  url: 'openapi.json',
  telemetry: false,
  withDefaultFonts: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  modelsSectionLabel: 'Schemas',
  documentDownloadType: 'json',
  authentication: { preferredSecurityScheme: 'bearer' },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
}

export const startScript = `Scalar.createApiReference('#reference', ${JSON.stringify(settings)})\n`

export interface Script {
  readonly gzipped: Buffer
  readonly entityTag: string
}

let loading: Promise<Script> | undefined

/** Scalar's script, several megabytes: read when somebody opens the page, and kept from then on. */
export function scalarScript(): Promise<Script> {
  loading ??= loadScript()
  return loading
}

async function loadScript(): Promise<Script> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  // The package hands the script out by a route alone.
  const app = fastify()
  await app.register(scalar, { routePrefix: '/', configuration: { url: '/' } })
  const { rawPayload } = await app.inject('/js/scalar.js')
  await app.close()
  const digest = createHash('sha256').update(rawPayload).digest('base64url')
  return { gzipped: await promisify(gzip)(rawPayload), entityTag: `"${digest.slice(0, 22)}"` }
}
