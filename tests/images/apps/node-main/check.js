'use strict'
console.log('checking')
process.exitCode = 3
