/**
 * Server Message-ID: some providers put one of their own in place of ours, and name it in their last
 * reply; their events speak of it later.
 */

/** Microsoft: `250 2.0.0 OK <id@host.prod.outlook.com> [Hostname=…]`. */
const OUTLOOK = /^250 2\.0\.0 OK (<[^<>\s]+\.prod\.outlook\.com>)/i;
/** Amazon SES: `250 Ok 0100018b5c3c0a4f-…-000000`. */
const SES = /^250 Ok ([0-9a-f]+(?:-[0-9a-f]+)+)$/i;
/** `email-smtp.eu-west-1.amazonaws.com` */
const SES_HOST =
  /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:[a-z0-9-]+\.)*(?:amazonaws|awsapps)\.com$/i;
/** SES writes its first region as `email`. */
const FIRST_REGION = 'us-east-1';

/** With its brackets; undefined if the reply names none. @param host that was connected to */
export function serverMessageId(response: string, host: string): string | undefined {
  const outlook = OUTLOOK.exec(response)?.[1];
  if (outlook !== undefined) return outlook;
  const [, id] = SES.exec(response.trim()) ?? [];
  const region = SES_HOST.exec(host)?.[1]?.toLowerCase();
  if (id === undefined || region === undefined) return undefined;
  const domain = region === FIRST_REGION ? 'email' : region;
  return `<${id.toLowerCase()}@${domain}.amazonses.com>`;
}
