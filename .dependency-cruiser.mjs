/** Layers: imports point down, never sideways, never up; each SDK has one home. See docs/how-it-works.md. */
const sdk = (name, home, packages) => ({
  name: `${name}-has-one-home`,
  severity: 'error',
  from: { path: '^src', pathNot: home },
  to: { path: `node_modules/(${packages})` },
});
const layer = (name, allowed) => ({
  name: `${name}-imports-down`,
  severity: 'error',
  from: { path: `^src/${name}` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})` },
});
const below = ['consent', 'store', 'mail', 'queue.ts', 'workflow'];

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    layer('consent', []),
    layer('store', ['consent']),
    layer('mail', ['consent']),
    layer('queue.ts', ['consent']),
    layer('workflow', ['consent', 'store', 'mail', 'queue.ts']),
    ...['slack', 'web', 'inbound', 'jobs', 'cli'].map((door) => layer(door, below)),
    {
      name: 'slack-features-stand-on-its-ground',
      severity: 'error',
      from: { path: '^src/slack/(blocks|guard|wire)/' },
      to: { path: '^src/slack/', pathNot: '^src/slack/(blocks|guard|wire|words)/' },
    },
    {
      name: 'config-is-read-by-main',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(main|resources|start|doctor|config).*ts$' },
      to: { path: '^src/config' },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(demo|test|bench)' },
    },
    sdk('slack', '^src/slack', '@slack'),
    sdk('mongodb', '^src/(store|main.ts)', 'mongodb'),
    sdk('agenda', '^src/(queue.ts|jobs)', 'agenda|@agendajs'),
    sdk('nodemailer', '^src/mail', 'nodemailer'),
    sdk('smtp-server', '^src/inbound', 'smtp-server'),
    sdk('mailparser', '^src/mail', 'mailparser'),
    sdk('csv-parse', '^src/store', 'csv-parse'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
