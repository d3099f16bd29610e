import { unavailable } from '../errors.ts'
import type { Dependency } from '../http/probes.ts'
import type { ConsumerRuntime } from './consumer-runtime.ts'

/** A worker that waits is alive and not ready to do its work: its health says so. */
export function consumerDependency(runtime: ConsumerRuntime): Dependency {
  return {
    name: 'consumer',
    async check() {
      const { waitingFor } = runtime.health()
      if (waitingFor) throw unavailable('the consumer', new Error(waitingFor))
    },
  }
}
