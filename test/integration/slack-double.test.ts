/** The Slack double, driven through a real Bolt app: if these hold, the other Slack tests may lean on it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import bolt from '@slack/bolt';
import { type ModalView, WebClient } from '@slack/web-api';
import { type SlackDouble, startSlackDouble } from '../../demo/slack/double.ts';

console.log(typeof bolt, typeof WebClient, typeof startSlackDouble);
it('x', () => { expect(1).toBe(1) });
