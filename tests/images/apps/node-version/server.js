'use strict'
const answer = require('./build/Release/answer')

require('http').createServer((request, response) => response.end(`this is Node.js ${process.version}, and ${answer()}`))
  .listen(process.env.PORT)
