/**
 * Several deployments can share a cluster: each puts its prefix before the names of its topics and groups. It is
 * added and taken off at the port's edge, so nobody else ever sees it.
 */
export interface Names {
  /** Our name for what the cluster calls `theirs`; null for what belongs to another deployment. */
  ours(theirs: string): string | null
  theirs(ours: string): string
}

export function prefixedNames(prefix: string): Names {
  return {
    ours: (theirs) => (theirs.startsWith(prefix) ? theirs.slice(prefix.length) : null),
    theirs: (ours) => `${prefix}${ours}`,
  }
}
