// Asks a Marquee server for one home screen and prints it, as a web backend would.
//
//   node home_screen.mjs --target localhost:8080 --user u1 [--country DE] [--device web] [--limit 20]
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../proto');
const definition = loader.loadSync('marquee/v1/recommendation_service.proto', {
  includeDirs: [root],
  keepCase: true,
  enums: String,
  longs: String,
  defaults: true,
});
const {marquee} = grpc.loadPackageDefinition(definition);

// One retry, on another replica, when this one sheds load or drains.
const serviceConfig = {
  loadBalancingConfig: [{round_robin: {}}],
  retryThrottling: {maxTokens: 10, tokenRatio: 0.1},
  methodConfig: [{
    name: [{service: 'marquee.v1.RecommendationService'}],
    retryPolicy: {
      maxAttempts: 2,
      initialBackoff: '0.01s',
      maxBackoff: '0.05s',
      backoffMultiplier: 2,
      retryableStatusCodes: ['UNAVAILABLE'],
    },
  }],
};

const {values: args} = parseArgs({
  options: {
    target: {type: 'string', default: 'localhost:8080'},
    user: {type: 'string', default: ''},
    country: {type: 'string', default: ''},
    device: {type: 'string', default: 'web'},
    limit: {type: 'string', default: '20'},
    'deadline-ms': {type: 'string', default: '200'},
  },
});

const client = new marquee.v1.RecommendationService(
    args.target, grpc.credentials.createInsecure(),
    {'grpc.service_config': JSON.stringify(serviceConfig)});

const request = {
  context: {user_id: args.user, country: args.country, device: args.device, scene: 'home'},
  limit: Number(args.limit),
};
const deadline = new Date(Date.now() + Number(args['deadline-ms']));

client.Recommend(request, {deadline}, (error, response) => {
  client.close();
  if (error) {
    // A real backend shows its own static row here: a home screen is never empty.
    console.error(`no answer: ${grpc.status[error.code]}: ${error.details}`);
    process.exitCode = 1;
    return;
  }
  response.items.forEach((item, i) => {
    const why = item.reasons.map((r) => `${r.kind.replace('KIND_', '').toLowerCase()} ${r.rule}`);
    console.log(`${String(i + 1).padStart(3)}  ${item.item_id.padEnd(10)} ` +
        `${item.source.replace('SOURCE_', '').toLowerCase().padEnd(9)} ${why.join(', ')}`);
  });
  console.log(`${response.filled} of ${response.requested} items, ${response.tier}, ` +
      `snapshot ${response.snapshot_version}, id ${response.recommendation_id}`);
  for (const degradation of response.degradations) {
    console.log(`note: ${degradation.detail}`);
  }
  for (const warning of response.warnings) {
    console.log(`warning: ${warning.field}: ${warning.detail}`);
  }
});
