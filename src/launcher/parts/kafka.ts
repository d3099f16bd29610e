import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Downloads } from '../downloads.ts'
import type { Home } from '../home.ts'
import type { Java, Javas } from '../java.ts'
import { liveBrokers } from '../kafka-probe.ts'
import type { Part, PartName, Port, Say } from '../part.ts'
import type { Ports } from '../ports.ts'
import { runToEnd } from '../processes.ts'

type Options = { ports: Ports; home: Home; clusterId: string; downloads: Downloads; javas: Javas }

const brokerNames = ['kafka-1', 'kafka-2', 'kafka-3'] as const satisfies readonly PartName[]

/** Three brokers in KRaft mode. Each is a controller too: their quorum does what ZooKeeper did once. */
export function kafkaParts(options: Options): Part[] {
  const { kafka1, kafka2, kafka3, controller1, controller2, controller3 } = options.ports
  const voters = [controller1, controller2, controller3].map((port, i) => `${i + 1}@127.0.0.1:${port.number}`)
  return [
    broker(1, kafka1, controller1, voters.join(','), options),
    broker(2, kafka2, controller2, voters.join(','), options),
    broker(3, kafka3, controller3, voters.join(','), options),
  ]
}

function broker(id: 1 | 2 | 3, port: Port, controller: Port, voters: string, options: Options): Part {
  const { home, clusterId, downloads, javas } = options
  const name: PartName = `kafka-${id}`
  const dataFolder = home.data(name)
  const propertiesFile = join(home.folder, 'data', `${name}.properties`)
  let java: Java

  async function prepare(say: Say, signal: AbortSignal): Promise<void> {
    java = await javas.atLeast(17, name)
    await downloads.have('kafka', say, signal)
    await mkdir(dataFolder, { recursive: true })
    await writeFile(propertiesFile, serverProperties({ id, port, controller, voters, dataFolder }))
    if (await exists(join(dataFolder, 'meta.properties'))) return
    say('formats its storage')
    const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', propertiesFile]
    await runToEnd({ file: java.file, args: [...jvm(), ...format] })
  }

  // The first compiler only: on two cores the second one costs more than it gives for the first half million
  // records (30,000 of them took 0.7 s of the brokers' time against 2 s), and doubles the time to start.
  const jvm = (...more: string[]) => [
    ...more,
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    '-cp',
    join(downloads.folder('kafka'), '*'),
  ]

  return {
    name,
    ports: [port, controller],
    url: `kafka://127.0.0.1:${port.number}`,
    prepare,
    command: () => ({
      file: java.file,
      // All of its memory from the start: what it takes later is then what somebody should look at.
      args: [...jvm('-Xms256m', '-Xmx256m', '-XX:+AlwaysPreTouch'), 'kafka.Kafka', propertiesFile],
    }),
    isReady: async () => (await liveBrokers(port.number)).includes(id),
    waitsFor: (isUp) =>
      brokerNames.filter((other) => other === name || isUp(other)).length < 2
        ? 'waits for a second broker: a quorum is two of three'
        : undefined,
    // The last brokers cannot hand over their partitions, and would wait for minutes to do it.
    stop: { signal: 'SIGTERM', deadlineMs: 6_000 },
  }
}

export function serverProperties(options: {
  id: number
  port: Port
  controller: Port
  voters: string
  dataFolder: string
}): string {
  const { id, port, controller, voters, dataFolder } = options
  const settings = {
    'node.id': id,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port.number},CONTROLLER://127.0.0.1:${controller.number}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port.number}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder,

    // What a record acknowledged by all in-sync replicas rests on.
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    'unclean.leader.election.enable': false,
    'auto.create.topics.enable': false,

    // A dead leader is replaced after this long (9 s by default); heartbeats come in six to a session.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'controller.quorum.election.timeout.ms': 1_000,
    'controller.quorum.fetch.timeout.ms': 2_000,
    'controller.quorum.election.backoff.max.ms': 500,

    // Groups: both protocols, quick to notice a dead member if it asks for that.
    'group.coordinator.rebalance.protocols': 'classic,consumer',
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'group.consumer.min.session.timeout.ms': 1_000,
    'group.consumer.session.timeout.ms': 6_000,
    'group.consumer.min.heartbeat.interval.ms': 500,
    'group.consumer.heartbeat.interval.ms': 1_000,
    'offsets.topic.num.partitions': 6,
    'offsets.topic.replication.factor': 3,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 3,
    'transaction.state.log.min.isr': 2,
    'share.coordinator.state.topic.num.partitions': 3,

    // A small machine.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    'log.cleaner.io.buffer.size': 128 * 1024,
    'offsets.load.buffer.size': 1024 * 1024,
    'log.segment.bytes': 128 * 1024 * 1024,
  }
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
