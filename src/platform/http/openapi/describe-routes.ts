import type { FastifyInstance } from 'fastify'
import type { DescribedRoute } from './described-route.ts'
import { type ApiInfo, toDocument } from './document.ts'
import { isObject, type Json } from './schemas.ts'

/**
 * Collects what the routes that are registered from here on declare; gives the document of them.
 *
 * A collector of our own, since `@fastify/swagger` reads a route's answers from the schemas that Fastify makes its
 * serialisers from: neither an answer nor a header there can be a reference to a component.
 */
export function describeRoutes(
  app: FastifyInstance,
  options: ApiInfo & { readonly open: boolean },
): () => Json {
  const { open, ...info } = options
  const routes: DescribedRoute[] = []

  app.addHook('onRoute', ({ method, url, schema, config }) => {
    for (const one of [method].flat()) {
      // Fastify answers HEAD wherever it answers GET.
      if (one === 'HEAD') continue
      const operation = config?.operation
      // A test sees to it that none is missing.
      if (!operation) continue
      routes.push({ method: one, url, schema: isObject(schema) ? schema : {}, operation })
    }
  })

  return () => toDocument(routes, info, { open })
}
