/**
 * Manifests against listeners, in both directions: a command without a listener answers nobody, a
 * listener without a command is never reached.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '@slack/web-api/dist/types/request/manifest.d.ts';
import { LISTENERS } from '../../../src/slack/listeners.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(`manifests/${name}`, 'utf8')) as Manifest & {
    settings: { interactivity: Record<string, unknown>; socket_mode_enabled: boolean };
  };
const FILES = ['manifest.json', 'manifest.http.json'];
/** Slack's limits for names and descriptions (characters). */
const SHORTCUT_NAME_MAX = 24;
const DESCRIPTION_MAX = 140;
const LONG_DESCRIPTION = { min: 175, max: 4_000 };

describe.each(FILES)('%s', (file) => {
  const manifest = read(file);

  it('names exactly the commands and shortcuts that have a listener', () => {
    const commands = manifest.features?.slash_commands?.map(({ command }) => command);
    expect(commands?.toSorted()).toEqual(Object.keys(LISTENERS.commands).toSorted());
    const shortcuts = manifest.features?.shortcuts?.map(({ callback_id }) => callback_id);
    expect(shortcuts?.toSorted()).toEqual(Object.keys(LISTENERS.shortcuts).toSorted());
  });

  it('subscribes to exactly the events that are listened to', () => {
    const events = manifest.settings.event_subscriptions?.bot_events ?? [];
    expect([...events].toSorted()).toEqual(Object.keys(LISTENERS.events).toSorted());
  });

  it('asks for the scopes that we use, and no others', () => {
    expect(manifest.oauth_config?.scopes?.bot).toEqual([
      'chat:write', // cards, progress, results
      'commands', // /optin, /optout, /reconfirm, /assent and the shortcut
      'files:read', // the CSV file of an import
      'im:write', // results by direct message
      'users:read', // guests, bots and strangers are refused
    ]);
    expect(manifest.oauth_config?.scopes?.user).toBeUndefined();
  });

  it('keeps to Slack’s lengths', () => {
    const { description = '', long_description: long = '' } = manifest.display_information;
    expect(description.length).toBeLessThanOrEqual(DESCRIPTION_MAX);
    expect(long.length).toBeGreaterThanOrEqual(LONG_DESCRIPTION.min);
    expect(long.length).toBeLessThanOrEqual(LONG_DESCRIPTION.max);
    for (const { name } of manifest.features?.shortcuts ?? []) {
      expect(name.length).toBeLessThanOrEqual(SHORTCUT_NAME_MAX);
    }
  });
});

it('over HTTP every way in has an address, also the menus; in Socket Mode none has', () => {
  const http = read('manifest.http.json');
  const socket = read('manifest.json');
  const url = 'https://assent.example.com/slack/events';
  expect(http.settings.interactivity).toEqual({
    is_enabled: true,
    request_url: url,
    message_menu_options_url: url,
  });
  expect(http.features?.slash_commands?.map((command) => command.url)).toEqual([
    url,
    url,
    url,
    url,
  ]);
  expect(JSON.stringify(socket)).not.toContain('https://assent');
  expect([http.settings.socket_mode_enabled, socket.settings.socket_mode_enabled]).toEqual([
    false,
    true,
  ]);
});
