'use strict'
console.log(JSON.stringify({ arguments: process.argv, options: process.execArgv, environment: process.env }))
