import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downloadsFolder } from '../../src/launcher/catalogue.ts'
import { Downloads } from '../../src/launcher/downloads.ts'
import { Javas } from '../../src/launcher/java.ts'
import { runToEnd } from '../../src/launcher/processes.ts'

/** Runs one of Kafka's own command-line tools, from the jars that the brokers run from. */
export async function kafkaTool(mainClass: string, args: readonly string[]): Promise<void> {
  const downloads = await Downloads.in(downloadsFolder, process.env)
  const java = await new Javas(process.env).atLeast(17, 'kafka-1')
  const jars = join(downloads.folder('kafka'), '*')
  await runToEnd({ file: java.file, args: ['-XX:TieredStopAtLevel=1', '-cp', jars, mainClass, ...args] })
}

export interface Reassignment {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
}

/** Begins to move replicas; the brokers go on by themselves. */
export async function reassign(brokers: string, partitions: readonly Reassignment[]): Promise<void> {
  const file = join(await mkdtemp(join(tmpdir(), 'reassignment-')), 'plan.json')
  await writeFile(file, JSON.stringify({ version: 1, partitions }))
  const args = ['--bootstrap-server', brokers, '--reassignment-json-file', file, '--execute']
  await kafkaTool('org.apache.kafka.tools.reassign.ReassignPartitionsCommand', args)
}

/** Makes the first replica of each partition its leader. */
export async function electPreferredLeaders(brokers: string): Promise<void> {
  const args = ['--bootstrap-server', brokers, '--election-type', 'preferred', '--all-topic-partitions']
  await kafkaTool('org.apache.kafka.tools.LeaderElectionCommand', args)
}
