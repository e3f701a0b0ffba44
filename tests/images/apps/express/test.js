'use strict'
require('assert').strictEqual(require('ms')('2 days'), 172800000)
console.log('all is well')
