import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { sendJsonText } from '../json-text.ts'
import type { Operation } from './operation.ts'
import { contentSecurityPolicy, referencePage, scalarScript, startScript } from './reference-page.ts'
import type { Json } from './schemas.ts'

export interface DocumentationOptions {
  readonly title: string
  /** The tag of these routes in the document. */
  readonly tag: string
  /** Called once, when all routes are there. */
  readonly document: () => Json
}

/** `/openapi.json`, and `/docs` to read and try it */
export const documentationRoutes: FastifyPluginAsync<DocumentationOptions> = async (
  app,
  { title, tag, document },
) => {
  let text = ''
  app.addHook('onReady', async () => {
    text = JSON.stringify(document())
  })
  app.get('/openapi.json', { config: { operation: { ...getDocument, tag } } }, async (_request, reply) =>
    sendJsonText(reply, text),
  )

  app.get('/docs', { config: { operation: { ...getPage, tag } } }, async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    return reply.type('text/html; charset=utf-8').send(referencePage(title))
  })

  const hidden = { config: { operation: null } }
  app.get('/docs/start.js', hidden, async (_request, reply) => reply.type(javascript).send(startScript))
  app.get('/docs/scalar.js', hidden, async (request, reply) => {
    const { gzipped, entityTag } = await scalarScript()
    reply.headers({ etag: entityTag, 'cache-control': 'no-cache' })
    if (request.headers['if-none-match'] === entityTag) return reply.code(304).send()
    return reply.header('content-encoding', 'gzip').type(javascript).send(gzipped)
  })
}

const javascript = 'text/javascript; charset=utf-8'

const getDocument: Omit<Operation, 'tag'> = {
  id: 'getOpenApiDocument',
  summary: 'This document',
  description: 'What this very server takes and answers, as OpenAPI 3.1.',
  credentials: 'optional',
  answers: {
    200: {
      description: 'The document.',
      schema: Type.Object({ openapi: Type.String({ pattern: '^3\\.1\\.' }) }),
    },
  },
}

const getPage: Omit<Operation, 'tag'> = {
  id: 'getDocumentationPage',
  summary: 'This document as a page',
  description: 'A page for people, to read this document and to try its calls from a browser.',
  credentials: 'optional',
  answers: { 200: { description: 'The page.', mediaType: 'text/html', schema: Type.String() } },
}
