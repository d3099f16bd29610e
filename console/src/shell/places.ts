import {
  IconHeartbeat,
  IconHierarchy2,
  IconListDetails,
  IconMailX,
  IconRoute,
  IconSchema,
  IconServer2,
  IconShieldCheck,
} from '@tabler/icons-react'

/** The pages, in the order of the menu, and the key that goes there after `g`. */
export const places = [
  { path: '/', title: 'Home', key: 'h', icon: IconHeartbeat, about: 'Is anything late, lost or broken' },
  { path: '/journey', title: 'Journey', key: 'j', icon: IconRoute, about: 'The life of one review or event' },
  { path: '/dead-letters', title: 'Dead letters', key: 'd', icon: IconMailX, about: 'What failed for good' },
  {
    path: '/groups',
    title: 'Consumer groups',
    key: 'g',
    icon: IconHierarchy2,
    about: 'Who reads, and how far',
  },
  { path: '/topics', title: 'Topics', key: 't', icon: IconListDetails, about: 'Partitions and messages' },
  { path: '/cluster', title: 'Brokers', key: 'b', icon: IconServer2, about: 'Controllers, leaders, disks' },
  { path: '/schemas', title: 'Schemas', key: 's', icon: IconSchema, about: 'Subjects and versions' },
  { path: '/audit', title: 'Audit', key: 'a', icon: IconShieldCheck, about: 'Who did what' },
] as const
