/** Html: text that is safe to stand in a page; whatever is put into it is escaped, or is Html. */
import { escapeHtml } from '../mail/clean-text.ts';

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | Html | readonly Html[] | undefined;

/** html`<p>${name}</p>`: values are escaped, Html stands as it is, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const [first = '', ...rest] = parts;
  return new Html(rest.reduce((text, part, index) => text + put(values[index]) + part, first));
}

function put(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof Html) return value.text;
  return value.map(({ text }) => text).join('');
}
