import { readFileSync } from 'node:fs'
import type { ApiInfo } from '../platform/http/openapi/document.ts'

/** What the OpenAPI document says of the API as a whole. */
export function apiInfo({ open }: { open: boolean }): ApiInfo {
  const guide = readFileSync(new URL('./api-guide.md', import.meta.url), 'utf8')
  return {
    title: 'TheReview',
    summary: 'Reviews of products, services and whatever else your users have an opinion about',
    description: guide
      .replace('{{credentials}}', open ? withoutCredentials : withCredentials)
      .replace('{{authorization}}', open ? '' : "\n  -H 'Authorization: Bearer …' \\"),
    version: '1',
    tags: [
      { name: 'Reviews', description: 'Write, read, change, delete and list reviews.' },
      { name: 'Statistics', description: 'How often and how well a thing is reviewed.' },
      { name: 'Users', description: 'Where mail goes, and which of it a user wants.' },
      {
        name: 'Entities',
        description: 'The things that are reviewed. They may be reviewed without being registered.',
      },
      { name: 'Views', description: 'Who looked at what, to be counted.' },
      { name: 'Service', description: 'For those who run this server.' },
    ],
  }
}

const withoutCredentials = `This server takes no credentials: it is a local one, for development. A write says in \`user_id\` who writes, and
whoever changes or deletes a review acts as its author. It answers to \`localhost\` alone, and refuses web pages of
other origins (403 \`forbidden\`).`

const withCredentials = `Send \`Authorization: Bearer …\` with

- a **JSON Web Token of a user**. Its \`sub\` is the user's id; it has to have an \`exp\`. \`roles\` may hold
  \`moderator\` (deletes any review, with a reason), \`admin\` (also registers users and things) and \`operator\`
  (reads the metrics);
- or an **API key of a server**, which starts with \`trk_\`. It may do what its scopes say, each call here names its
  own, and writes for the users that it names in \`user_id\`.

Reads need no credentials, but are counted by user rather than by address if you send them. Wrong or expired ones are
refused anywhere (401 \`unauthenticated\`); what you may not do with right ones is 403 \`forbidden\`.`
