/** File shape: a file as Slack describes it in payloads and answers. */
import type { Json } from './json.ts';
import type { SlackFile, Workspace } from './workspace.ts';

/** The file as payloads and answers carry it. */
export function fileJson(ws: Workspace, file: SlackFile): Json {
  const place = `${ws.origin}/files/${file.id}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: extensionOf(file.name),
    size: file.content.length,
    user: file.user,
    user_team: ws.teamId,
    mode: 'hosted',
    file_access: 'visible',
    url_private: `${place}/${encodeURIComponent(file.name)}`,
    url_private_download: `${place}/download/${encodeURIComponent(file.name)}`,
    permalink: `https://${ws.domain}.slack.com/files/${file.user}/${file.id}`,
  };
}

/** The file as a view's state carries it: in full, or only an id to ask files.info with. */
export const fileInState = (ws: Workspace, file: SlackFile): Json =>
  file.needsInfo ? { id: file.id, file_access: 'check_file_info' } : fileJson(ws, file);

export const extensionOf = (name: string): string =>
  name.split('.').slice(1).pop()?.toLowerCase() ?? '';
