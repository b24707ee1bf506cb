/** Slack words: what Slack itself says around an app's blocks, in the viewer's own language. */

const EN = {
  lang: 'en',
  close: 'Close',
  cancel: 'Cancel',
  closeAll: 'Close all',
  optional: '(optional)',
  chooseOne: 'Choose one',
  typeToSearch: 'Type to search',
  chosen: 'Chosen',
  attached: 'Attached',
  suggestions: 'Suggestions',
  remove: (name: string) => `Remove ${name}`,
};

const DE: typeof EN = {
  lang: 'de',
  close: 'Schließen',
  cancel: 'Abbrechen',
  closeAll: 'Alles schließen',
  optional: '(freiwillig)',
  chooseOne: 'Bitte wählen',
  typeToSearch: 'Zum Suchen tippen',
  chosen: 'Gewählt',
  attached: 'Angehängt',
  suggestions: 'Vorschläge',
  remove: (name) => `Entfernen: ${name}`,
};

/** @param locale as Slack names it, such as `de-DE` */
export const slackSays = (locale: string): typeof EN => (locale.startsWith('de') ? DE : EN);
