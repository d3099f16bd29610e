import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { pathOf } from './request-context.ts'

/** Answers what no route takes: 405 with `Allow` where the path has other methods, 404 where it is none. */
export function answerUnmatched(app: FastifyInstance): void {
  const methodsOf = new Map<string, { form: RegExp; methods: Set<string> }>()

  app.addHook('onRoute', ({ url, method }) => {
    const route = methodsOf.get(url) ?? { form: formOf(url), methods: new Set<string>() }
    for (const one of [method].flat()) route.methods.add(one)
    methodsOf.set(url, route)
  })

  const problemOf = (request: FastifyRequest): Problem => {
    const path = pathOf(request)
    const methods = [...methodsOf.values()].find(({ form }) => form.test(path))?.methods
    if (!methods) return new Problem('not_found', 'there is no such path')
    const allow = [...methods].sort().join(', ')
    return new Problem('method_not_allowed', `this path takes ${allow}`, { headers: { allow } })
  }

  // Before the body is read: what is wrong with it is not what is wrong.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) return done(problemOf(request))
    // The router takes `/reviews/` for a review without an id.
    const parameters = Object.values(request.params ?? {})
    if (parameters.includes('')) return done(new Problem('not_found', 'there is no such path'))
    done()
  })
  app.setNotFoundHandler((request) => {
    throw problemOf(request)
  })
}

function formOf(url: string): RegExp {
  const pattern = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[a-z_]+/g, '[^/]+')
  return new RegExp(`^${pattern}$`)
}
