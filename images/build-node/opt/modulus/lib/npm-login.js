// npm-login.js REGISTRY: logs in as NPM_USER with NPM_PASSWORD, or makes that account for NPM_EMAIL, and prints the
// token. It is npm's own login, which asks at a terminal; so nothing secret is an argument of anything.
'use strict'
const profile = require('/usr/share/nodejs/npm/node_modules/npm-profile')

const { NPM_USER: user, NPM_PASSWORD: password, NPM_EMAIL: email } = process.env
const options = { registry: process.argv[2], fetchRetries: 2 }

async function logIn() {
  try {
    return await profile.loginCouch(user, password, options)
  } catch (error) {
    // A registry that knows nobody of this name says so, or says only "no".
    if (error.code !== 'E400' && error.code !== 'E404') throw error
    return profile.adduserCouch(user, email, password, options)
  }
}

logIn().then(({ token }) => {
  if (!token) throw new Error('the registry gave no token')
  process.stdout.write(token)
}).catch((error) => {
  process.stderr.write(`npm login: ${String(error.message).split(password).join('***')}\n`)
  process.exitCode = 1
})
