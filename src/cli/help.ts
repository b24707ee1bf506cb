/** Help: what the command line can do. */

export const HELP = `assent: accountable mass opt-in and opt-out of e-mail addresses

  assent start             runs the product: Slack, pages for recipients, jobs, mail
  assent import FILE …     imports a CSV export as a batch; assent import --help tells the options
  assent why ADDRESS       explains what may be sent to an address, why, and what would change it
  assent help              shows this

Configuration comes from the environment; .env.example explains every variable. Without any,
Assent starts a MongoDB of its own beside itself and keeps its data under .assent/.`;
