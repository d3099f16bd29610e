import type { Section } from '../bench.ts'
import { beforeSection } from './before.ts'
import { closedLoopSection } from './closed-loop.ts'
import { endToEndSection } from './end-to-end.ts'
import { growthSection } from './growth.ts'
import { limitsSection } from './limits.ts'
import { oneEventSection } from './one-event.ts'
import { openLoopSection } from './open-loop.ts'
import { readsSection } from './reads.ts'
import { rebuildSection } from './rebuild.ts'
import { usageSection } from './usage.ts'

/** In the order in which they run. */
export const sections: readonly Section[] = [
  limitsSection,
  closedLoopSection,
  openLoopSection,
  endToEndSection,
  oneEventSection,
  readsSection,
  rebuildSection,
  growthSection,
  usageSection,
  beforeSection,
]
