'use strict'
const fs = require('fs')
const express = require('express')

const app = express()
app.use((request, response, next) => {
  console.log(`${request.method} ${request.url} ${'.'.repeat(400)}`)
  next()
})
app.get('/', (request, response) => response.send('hello from express'))
app.get('/process', (request, response) => response.json({
  version: process.version,
  arguments: process.argv,
  environment: process.env,
  forTests: fs.existsSync('node_modules/ms'),
}))
app.use(express.static('public', { dotfiles: 'allow' }))

app.listen(process.env.PORT, () => console.error(`listening on ${process.env.PORT}`))

// A stop that takes longer than the two seconds there were once.
let goodbye = 0
app.get('/slow-stop', (request, response) => {
  goodbye = 2500
  response.send('as you wish')
})
process.on('SIGTERM', () => setTimeout(() => {
  console.log('closed in peace')
  process.exit(0)
}, goodbye))
