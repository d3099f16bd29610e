import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '../../src/launcher/stack.ts'
import { createKafka, type Kafka } from '../../src/platform/kafka/kafka.ts'
import { silent } from './silent.ts'

const brokers = ['kafka-1', 'kafka-2', 'kafka-3'] as const

/** Three brokers of a test's own, which it may kill and freeze. What is killed is started again by the launcher. */
export async function privateKafka() {
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'))
  const { KAFKA_BROKERS: _, ...environment } = process.env
  const stack = await startStack({ home: folder, ports: 'free', parts: brokers, environment })
  const addresses = stack.addresses.KAFKA_BROKERS?.split(',') ?? []

  const signal = (id: number, name: NodeJS.Signals) => {
    const { pid } = stack.part(partOf(id))
    if (pid !== undefined) process.kill(pid, name)
  }

  return {
    addresses,
    connect: (clientId: string): Kafka =>
      createKafka({ brokers: addresses, prefix: '', clientId, log: silent }),
    kill: (id: number) => signal(id, 'SIGKILL'),
    freeze: (id: number) => signal(id, 'SIGSTOP'),
    thaw: (id: number) => signal(id, 'SIGCONT'),
    /** In order, as for maintenance; it stays away until it is brought back. */
    takeAway: (id: number) => stack.stopPart(partOf(id)),
    bringBack: (id: number) => stack.startPart(partOf(id)),
    async stop() {
      await stack.stop()
      await rm(folder, { recursive: true })
    },
  }
}

export type PrivateKafka = Awaited<ReturnType<typeof privateKafka>>

function partOf(id: number) {
  const part = brokers[id - 1]
  if (!part) throw new Error(`there is no broker ${id}`)
  return part
}
