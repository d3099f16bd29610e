import { readConfig } from '../../src/platform/config.ts'

/** Mails that arrive again when a worker dies: on each of its connections one that is sent, and one that is not noted. */
export const mailsUnderWay = 2 * readConfig(['SMTP_CONNECTIONS'], {}).SMTP_CONNECTIONS
