// package.js FILE SCRIPT: what bash needs to know of a package.json, as NAME=VALUE, each ended by a NUL:
//
//   node            version of Debian's Node, which this is
//   error           why it could not be read; then nothing more is there
//   main, engine    main and engines.node, where they are strings
//   engine_fits     yes or no: whether this Node is in the range engines.node, as npm reads ranges
//   has_script      yes or no; then pre, script, post: what npm would run for SCRIPT
//   names           names of all scripts, separated by blanks
//   npm_package_*   variables that npm gives to scripts
//
// Run by Debian's Node, whichever the application has.
'use strict'
const fs = require('fs')
const semver = require('semver')

const [file, script] = process.argv.slice(2)

function put(name, value) {
  process.stdout.write(name + '=' + String(value).replace(/\0/g, '') + '\0')
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

// npm_package_config_a_b for {config: {a: {b: ...}}}: what is no letter or digit becomes _.
function putVariables(prefix, value) {
  if (isObject(value) || Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      putVariables(prefix + '_' + key.replace(/[^A-Za-z0-9_]/g, '_'), inner)
    }
  } else if (value !== undefined) {
    put(prefix, value === null ? '' : value)
  }
}

function describe(manifest) {
  const scripts = isObject(manifest.scripts) ? manifest.scripts : {}
  const text = (name) => (typeof scripts[name] === 'string' ? scripts[name].trim() : '')
  const engine = isObject(manifest.engines) ? manifest.engines.node : undefined
  if (typeof manifest.main === 'string') put('main', manifest.main)
  if (typeof engine === 'string') {
    put('engine', engine)
    const range = semver.validRange(engine, true)
    put('engine_fits', range !== null && semver.satisfies(process.version, range, { includePrerelease: true }) ? 'yes' : 'no')
  }
  put('has_script', text(script) === '' ? 'no' : 'yes')
  put('pre', text('pre' + script))
  put('script', text(script))
  put('post', text('post' + script))
  put('names', Object.keys(scripts).join(' '))
  const { name, version, config, engines, bin } = manifest
  putVariables('npm_package', { name, version, config, engines, bin })
}

function read() {
  try {
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    if (!isObject(manifest)) throw new Error('no object')
    return manifest
  } catch (error) {
    put('error', error.message.replace(/\s+/g, ' '))
    return null
  }
}

put('node', process.version)
const manifest = read()
if (manifest) describe(manifest)
