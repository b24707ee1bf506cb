/** Help: what the command line can do. */

export const HELP = `assent: accountable mass opt-in and opt-out of e-mail addresses

  assent start             runs the product: Slack, pages for recipients, jobs, mail
  assent import FILE …     imports a CSV export as a batch; assent import --help tells the options
  assent doctor            looks at everything that must be right, and says what is not
  assent why ADDRESS       explains what may be sent to an address, why, and what would change it
  assent templates …       lints, shows and keeps mail templates; assent templates help tells more
  assent rotate-secrets    encrypts all Slack tokens with the first of ASSENT_SECRETS_KEYS
  assent help              shows this

Configuration comes from the environment; .env.example explains every variable. Without any,
Assent starts a MongoDB of its own beside itself and keeps its data under .assent/.`;
