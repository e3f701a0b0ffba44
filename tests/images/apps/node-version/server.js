'use strict'
require('http').createServer((request, response) => response.end(`this is Node.js ${process.version}`))
  .listen(process.env.PORT)
