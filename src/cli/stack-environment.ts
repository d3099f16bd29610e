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
