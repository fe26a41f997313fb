// SPDX-License-Identifier: LGPL-2.1-or-later
// Holds a file of Kubernetes' objects against their schema; prints them as JSON. Usage: check_job.js FILE
'use strict';
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const modules = process.env.ANIM_CLUSTER_MODULES;
const yaml = require(path.join(modules, 'js-yaml'));

async function main() {
  // ECMAScript modules alone, which require() of Debian's node does not read.
  const schema = path.join(modules, 'kubernetes-models', 'batch', 'v1', 'Job.js');
  const { Job } = await import(pathToFileURL(schema));
  const job = yaml.load(fs.readFileSync(process.argv[2], 'utf8'));
  if (job.apiVersion !== 'batch/v1' || job.kind !== 'Job') throw new Error('it is no Job of batch/v1');
  new Job(job).validate();
  process.stdout.write(JSON.stringify(job));
}

main();
