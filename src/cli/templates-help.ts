/** Templates help: what `assent templates` can do. */

export const TEMPLATES_HELP = `assent templates lint FILE|FOLDER   says what is wrong with a template, where and why
assent templates preview [FOLDER]   writes a page that shows all mails as recipients see them
assent templates add FOLDER         keeps a custom template as a new version
assent templates list               the custom templates of a workspace

A template is a folder with three files a language: en.subject.txt, en.txt, en.html.
docs/templates.md tells how to write one.

  --profile P     lint, add: neutral (default) or strict, which is for Germany
  --json          lint, list: for other programs
  --out FILE      preview: where to write it; templates-preview.html if not said
  --workspace W   add, list: the Slack team id (T…) or ASSENT_WORKSPACE
  --by WHO        add: who does it, for the ledger
  --name NAME     add: what the template is called; the folder's name if not said

lint and preview look at files alone and need no database.

Exit status: 0 done · 1 errors were found, or the template was refused · 2 wrong usage`;
