/** Note words: why a request was paused or cancelled by itself, after the step that it explains. */
import type { StepNote } from '../../consent/note.ts';
import type { Words } from './language.ts';

type NoteWords = Readonly<Record<StepNote, string>>;

const en: NoteWords = {
  canary_bounces: 'too many of its first mails went to mailboxes that do not exist',
  canary_blocks: 'too many of its first mails were refused for policy',
  canary_complaints: 'too many of its recipients complained about spam',
  template_changed: 'the mail template is no longer the one that was approved',
  app_removed: 'the app was removed from the workspace',
};

const de: NoteWords = {
  canary_bounces: 'zu viele der ersten E-Mails gingen an Postfächer, die es nicht gibt',
  canary_blocks: 'zu viele der ersten E-Mails wurden aus Richtliniengründen abgelehnt',
  canary_complaints: 'zu viele Angeschriebene haben sich über Spam beschwert',
  template_changed: 'die E-Mail-Vorlage ist nicht mehr die freigegebene',
  app_removed: 'die App wurde aus dem Workspace entfernt',
};

export const NOTE_WORDS: Words<NoteWords> = { en, de };
