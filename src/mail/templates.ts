/**
 * Templates: the wording of our mails, one folder a template, three files a locale.
 *
 *   templates/mail/double-opt-in/  de.subject.txt  de.txt  de.html  en.subject.txt  …
 *
 * A template is checked whole when it is read, and its hash goes into plan and ledger: it says
 * which words a recipient saw.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { oneLine } from './clean-text.ts';
import { compileText } from './compile-text.ts';
import { directionOf, LAST_RESORT, type LocaleWish, pickLocale } from './locale.ts';
import {
  type CompiledText,
  fillText,
  type Medium,
  type Values,
  type Vocabulary,
} from './placeholders.ts';

/** Gmail cuts what is longer than 102 KB; values and encoding need their share. */
export const TEMPLATE_BYTES_MAX = 60_000;

/** What any mail can say. templates/mail/README.md tells what each value should read like. */
const GOODBYE_PLACEHOLDERS = {
  senderName: { kind: 'text', required: true },
  postalAddress: { kind: 'lines', required: true },
  address: { kind: 'text', required: true },
  privacyUrl: { kind: 'url', required: false },
} as const satisfies Vocabulary;

/** What a mail that asks can say. */
const ASK_PLACEHOLDERS = {
  ...GOODBYE_PLACEHOLDERS,
  howObtained: { kind: 'text', required: true },
  ifSilent: { kind: 'text', required: true },
  reviewUrl: { kind: 'url', required: true },
  stopUrl: { kind: 'url', required: true },
  about: { kind: 'text', required: false },
} as const satisfies Vocabulary;

/** `request` and `reminder` ask; `goodbye` says that a stop is on record. */
export type MailPurpose = 'request' | 'reminder' | 'goodbye';

/** Templates of ours that are no choice for a request: their names say what they are for. */
export const REMINDER_TEMPLATE = 'reminder';
export const GOODBYE_TEMPLATE = 'goodbye';

/** What the template of this name is for; custom ones are for requests. */
export function purposeOf(name: string): MailPurpose {
  return name === REMINDER_TEMPLATE || name === GOODBYE_TEMPLATE ? name : 'request';
}

/** The template of a send: a reminder has words of its own, whatever template asked first. */
export function templateFor(kind: 'ask' | 'reminder', requested: string): string {
  return kind === 'reminder' ? REMINDER_TEMPLATE : requested;
}

/** The placeholders that a mail of this purpose may use. */
export function placeholdersOf(purpose: MailPurpose): Vocabulary {
  return purpose === 'goodbye' ? GOODBYE_PLACEHOLDERS : ASK_PLACEHOLDERS;
}

type AskName = keyof typeof ASK_PLACEHOLDERS;
type RequiredName = {
  [Name in AskName]: (typeof ASK_PLACEHOLDERS)[Name]['required'] extends true ? Name : never;
}[AskName];
/** What every mail has, and a goodbye no more than it. */
export type GoodbyeValues = Pick<
  AskValues,
  'senderName' | 'postalAddress' | 'address' | 'privacyUrl'
>;
export type AskValues = { readonly [Name in RequiredName]: string } & {
  readonly [Name in Exclude<AskName, RequiredName>]?: string | undefined;
};

interface Texts {
  readonly subject: CompiledText;
  readonly text: CompiledText;
  readonly html: CompiledText;
}
export interface Template {
  readonly name: string;
  readonly purpose: MailPurpose;
  /** sha256 over its files, hex. Line ends and the order of the files make no difference. */
  readonly hash: string;
  readonly locales: readonly string[];
  readonly texts: ReadonlyMap<string, Texts>;
}
export type Templates = ReadonlyMap<string, Template>;

/** The words of one mail, in one language. */
export interface Wording {
  readonly locale: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** `de-AT.subject.txt`: a language and what the file holds. */
export const TEMPLATE_FILE = /^([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.(subject\.txt|txt|html)$/;
const MEDIA = { 'subject.txt': 'header', txt: 'text', html: 'html' } as const satisfies Record<
  string,
  Medium
>;
type FileKind = keyof typeof MEDIA;
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Reads all templates of a folder, each a folder of its own, each checked.
 *
 * @throws Error naming file and placeholder of the first thing that is wrong
 */
export async function loadTemplates(folder: string): Promise<Templates> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length === 0) throw new Error(`${basename(folder)}/ holds no template folder`);
  const templates = await Promise.all(
    names
      .toSorted()
      .map(async (name) => readTemplate(name, await readTemplateFiles(join(folder, name)))),
  );
  return new Map(templates.map((template) => [template.name, template]));
}

/**
 * Makes a template of its files, given by name (`de.subject.txt`); the same checks for ours and
 * for custom ones. Taste and law are the lint's business.
 *
 * @throws Error naming file and placeholder of the first thing that is wrong
 */
export function readTemplate(name: string, files: ReadonlyMap<string, string>): Template {
  if (!NAME.test(name)) throw new Error(`template folder "${name}": a name is like double-opt-in`);
  const purpose = purposeOf(name);
  const locales = localesOf(name, files);
  const read = (locale: string) => readTexts({ name, locale, files, purpose });
  const texts = new Map(locales.map((locale) => [locale, read(locale)]));
  checkSameNames(name, texts);
  return { name, purpose, hash: hashOf(files), locales, texts };
}

/**
 * The words of a template that asks, for one recipient.
 *
 * @throws Error naming the placeholder if a required value is missing or a URL is none
 */
export function wordAsk(template: Template, wish: LocaleWish, values: AskValues): Wording {
  return word(template, wish, values);
}

/** The words of a goodbye, for one recipient. @throws Error as `wordAsk` does */
export function wordGoodbye(template: Template, wish: LocaleWish, values: GoodbyeValues): Wording {
  return word(template, wish, values);
}

function word(template: Template, wish: LocaleWish, values: Values): Wording {
  const locale = pickLocale(template.locales, wish);
  const texts = template.texts.get(locale);
  if (texts === undefined) throw new Error(`template ${template.name} has no locale ${locale}`);
  return {
    locale,
    subject: fillText(texts.subject, values),
    text: `${fillText(texts.text, values).trimEnd()}\n`,
    html: fillText(texts.html, values),
  };
}

/** The files of one template folder by name. @throws the system's error if it cannot be read */
export async function readTemplateFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const texts = files.map(
    async ({ name }) => [name, await readFile(join(folder, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(texts));
}

function localesOf(name: string, files: ReadonlyMap<string, string>): string[] {
  const locales = new Set<string>();
  for (const [file, text] of files) {
    const [, locale] = TEMPLATE_FILE.exec(file) ?? [];
    if (locale === undefined) {
      throw new Error(`${name}/${file}: a file is like de.subject.txt, de.txt or de.html`);
    }
    if (Buffer.byteLength(text) > TEMPLATE_BYTES_MAX) {
      throw new Error(`${name}/${file}: longer than ${TEMPLATE_BYTES_MAX} bytes`);
    }
    locales.add(locale);
  }
  if (!locales.has(LAST_RESORT)) throw new Error(`${name}/${LAST_RESORT}.html: is missing`);
  return [...locales].toSorted();
}

interface TemplateFiles {
  readonly name: string;
  readonly locale: string;
  readonly files: ReadonlyMap<string, string>;
  readonly purpose: MailPurpose;
}

function readTexts(source: TemplateFiles): Texts {
  return {
    subject: readText(source, 'subject.txt'),
    text: readText(source, 'txt'),
    html: readText(source, 'html'),
  };
}

function readText({ name, locale, files, purpose }: TemplateFiles, kind: FileKind): CompiledText {
  const file = `${name}/${locale}.${kind}`;
  const source = files.get(`${locale}.${kind}`);
  if (source === undefined || source.trim() === '') throw new Error(`${file}: is missing`);
  const medium = MEDIA[kind];
  const text = medium === 'header' ? oneLine(source) : source.replaceAll('\r\n', '\n');
  if (medium === 'html') checkHead(file, locale, text);
  const vocabulary = placeholdersOf(purpose);
  const compiled = compileText({ file, text, medium }, vocabulary);
  if (medium !== 'header') checkComplete(file, compiled, vocabulary);
  return compiled;
}

/** A screen reader needs the language, a mail client the direction, a browser tab the title. */
function checkHead(file: string, locale: string, html: string): void {
  const direction = directionOf(locale);
  if (!html.includes(`<html lang="${locale}" dir="${direction}"`)) {
    throw new Error(`${file}: must begin with <html lang="${locale}" dir="${direction}">`);
  }
  if (!/<title>\s*\S[^<]*<\/title>/.test(html)) throw new Error(`${file}: needs a <title>`);
}

function checkComplete(file: string, { names }: CompiledText, vocabulary: Vocabulary): void {
  for (const [name, { required }] of Object.entries(vocabulary)) {
    if (required && !names.has(name)) throw new Error(`${file}: {{${name}}} is missing`);
  }
}

/** What one reader is told, all are told: in text and HTML, and in every language. */
function checkSameNames(name: string, texts: ReadonlyMap<string, Texts>): void {
  const model = texts.get(LAST_RESORT);
  for (const [locale, { subject, text, html }] of texts) {
    const file = (kind: string) => `${name}/${locale}.${kind}`;
    compareNames(file('html'), html, file('txt'), text);
    if (model === undefined) continue;
    compareNames(file('txt'), text, `${name}/${LAST_RESORT}.txt`, model.text);
    compareNames(file('subject.txt'), subject, `${name}/${LAST_RESORT}.subject.txt`, model.subject);
  }
}

function compareNames(file: string, own: CompiledText, otherFile: string, other: CompiledText) {
  for (const name of other.names) {
    if (!own.names.has(name))
      throw new Error(`${file}: {{${name}}} is missing; ${otherFile} has it`);
  }
  for (const name of own.names) {
    if (!other.names.has(name))
      throw new Error(`${otherFile}: {{${name}}} is missing; ${file} has it`);
  }
}

/** Length before content, so that no two sets of files look the same to the hash. */
function hashOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, text] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const body = Buffer.from(text.replaceAll('\r\n', '\n'));
    hash.update(`${name}\0${body.length}\0`).update(body);
  }
  return hash.digest('hex');
}
