/** A bare Fastify that answers with the body that came: what HTTP and JSON alone cost in one process. */
import { fastify } from 'fastify'

const app = fastify()
app.post('/api/v1/reviews', (request, reply) => reply.code(201).send(request.body))
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.(Number(new URL(url).port))
process.once('disconnect', () => process.exit())
