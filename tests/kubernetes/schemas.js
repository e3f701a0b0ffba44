// Prints the schemas of kubernetes-models as JSON: { "io.k8s.api.core.v1.Pod": {...}, ... }
//   node schemas.js FOLDER-WITH-NODE_MODULES
'use strict';
const fs = require('fs');
const path = require('path');
const from = require('module').createRequire(path.join(path.resolve(process.argv[2]), 'index.js'));

// Each file of _schemas hands its schema to register().
const schemas = {};
from('@kubernetes-models/validate').register = (name, schema) => { schemas[name] = schema; };
for (const name of ['kubernetes-models', '@kubernetes-models/apimachinery']) {
  const folder = path.join(path.dirname(from.resolve(name + '/package.json')), '_schemas');
  for (const file of fs.readdirSync(folder).filter((it) => it.endsWith('.js'))) {
    from(path.join(folder, file)).addSchema();
  }
}
process.stdout.write(JSON.stringify(schemas));
