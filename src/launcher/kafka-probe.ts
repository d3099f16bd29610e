import { ask } from './probes.ts'

/**
 * Asks a broker which brokers are alive, in Kafka's own protocol (Metadata, version 1, for no topics).
 * A broker has started when the cluster's answer names it: its port is open some time before.
 */
export async function liveBrokers(port: number): Promise<number[]> {
  const body = Buffer.alloc(14)
  body.writeInt16BE(3, 0) // Metadata
  body.writeInt16BE(1, 2) // version
  body.writeInt32BE(1, 4) // correlation id
  body.writeInt16BE(-1, 8) // no client id
  body.writeInt32BE(0, 10) // no topics
  return brokersIn(await ask(port, withLength(body), isWhole))
}

/** The answer: length, correlation id, then an array of (node id, host, port, rack). */
export function brokersIn(answer: Buffer): number[] {
  const count = answer.readInt32BE(8)
  const brokers: number[] = []
  let at = 12
  for (let i = 0; i < count; i++) {
    brokers.push(answer.readInt32BE(at))
    at += 4
    at += 2 + answer.readInt16BE(at) // host
    at += 4 // port
    at += 2 + Math.max(0, answer.readInt16BE(at)) // rack: -1 when there is none
  }
  return brokers
}

function isWhole(answer: Buffer): boolean {
  return answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)
}

function withLength(body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}
