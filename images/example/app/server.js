'use strict';
// The application of scripts/run: answers with what it knows of the place it runs in.
const http = require('node:http');

const port = Number(process.env.PORT || 8080);
const started = new Date();
let served = 0;

const server = http.createServer((request, response) => {
  served += 1;
  console.log(`${request.method} ${request.url}`);
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({
    application: 'hello from modinit',
    pid: process.pid,
    uid: process.getuid(),
    gid: process.getgid(),
    environment: process.env.NODE_ENV,
    started: started.toISOString(),
    served,
  }) + '\n');
});

server.listen(port, () => console.log(`listening on ${port} as uid ${process.getuid()}`));

process.on('SIGTERM', () => {
  console.log('asked to stop');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
