import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Paths that the console itself makes out. All else that is no file is not found; to a browser the console says so. */
const pages = [
  '/',
  '/journey',
  '/dead-letters',
  '/groups',
  '/groups/:group',
  '/topics',
  '/topics/:topic',
  '/cluster',
  '/schemas',
  '/audit',
]

/** Values of records are shown as text; should one ever become markup all the same, nothing of it runs or loads. */
const contentPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

const notBuilt = `<!doctype html><title>TheReview console</title>
<p>The console is not built. Run <code>npm run build -w console</code>, and reload this page.</p>`

/** The built console, read once and kept in memory, compressed. */
export const consoleFiles: FastifyPluginAsync<{ folder: string }> = async (app, { folder }) => {
  const files = await readFiles(folder)
  const index = files.get('/index.html')

  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  for (const [path, file] of files) {
    if (path === '/index.html') continue
    const lifetime = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    app.get(path, { logLevel: 'silent' }, async (request, reply) =>
      send(request.headers, reply.header('cache-control', lifetime), file),
    )
  }
  const showConsole = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-cache')
    if (!index) return reply.code(503).type('text/html; charset=utf-8').send(notBuilt)
    return send(request.headers, reply, index)
  }
  for (const page of pages) app.get(page, async (request, reply) => showConsole(request, reply))
  app.get('/*', async (request, reply) => {
    const isNavigation = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/')
    if (!isNavigation) return reply.callNotFound()
    return showConsole(request, reply.code(404))
  })
}

interface StoredFile {
  readonly type: string
  readonly bytes: Buffer
  readonly compressed: Buffer | null
}

function send(
  headers: { 'accept-encoding'?: string | string[] | undefined },
  reply: FastifyReply,
  file: StoredFile,
) {
  reply.type(file.type).header('vary', 'accept-encoding')
  const takesGzip = String(headers['accept-encoding'] ?? '').includes('gzip')
  if (!takesGzip || !file.compressed) return reply.send(file.bytes)
  return reply.header('content-encoding', 'gzip').send(file.compressed)
}

async function readFiles(folder: string): Promise<Map<string, StoredFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, StoredFile]> => {
      const bytes = await readFile(path)
      const type = mediaTypes[extname(path)] ?? 'application/octet-stream'
      const compressible = !path.endsWith('.woff2')
      const compressed = compressible ? await promisify(gzip)(bytes) : null
      return [`/${relative(folder, path).split(sep).join('/')}`, { type, bytes, compressed }]
    }),
  )
  return new Map(files)
}
