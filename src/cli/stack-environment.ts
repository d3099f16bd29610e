import { AppError } from '../platform/errors.ts'
import { homeFolder } from './stack.ts'
import { clientOf } from './stack-client.ts'

/** The environment, and from the running local stack what it does not give: an address given by hand wins. */
export async function stackEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  const addresses = await clientOf(homeFolder()).addresses()
  const given = Object.entries(environment).filter(([, value]) => value !== '')
  return { ...addresses, ...Object.fromEntries(given) }
}

/**
 * The audit of a cluster is in the database of the same deployment: one that is given by hand is not that of the
 * local stack.
 * @throws {AppError} `other_deployment` where the other of the two is not given
 */
export function assertOneDeployment(environment: NodeJS.ProcessEnv = process.env): void {
  const [given, missing] = environment.KAFKA_BROKERS
    ? (['KAFKA_BROKERS', 'DATABASE_URL'] as const)
    : (['DATABASE_URL', 'KAFKA_BROKERS'] as const)
  if (!environment[given] || environment[missing]) return
  const message =
    `${given} is set and ${missing} is not: what is changed at a cluster stands in the audit of its own deployment. ` +
    `Set ${missing} too.`
  throw new AppError('other_deployment', 'fatal', message)
}
