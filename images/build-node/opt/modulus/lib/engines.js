// engines.js PACKAGE_JSON: which Node and npm an application is built with, as NAME=VALUE, each ended by a NUL:
//
//   node      version to fetch, empty where Debian's is in the range asked for
//   package   the registry's package that has Node for this kind of machine
//   npm       version to fetch, empty for Debian's, which runs with Debian's Node
//   asked     the range and where it stands; empty where there is none
//   warning   what a person should know
//   done      yes; without it the reason is on standard error
//
// The ranges are engines.node and engines.npm of app.json, where the platform says so by MODULUS_CONFIG_ENGINES_NODE or
// _IOJS; else of the package.json; else of app.json. The working directory is the output folder.
'use strict'
const { execFileSync } = require('child_process')
const fs = require('fs')
const semver = require('semver')

const names = { arm: 'armv7l', ppc64: 'ppc64le' }
const nodePackage = 'node-linux-' + (names[process.arch] || process.arch)

function put(name, value) {
  process.stdout.write(name + '=' + value + '\0')
}

function fail(...lines) {
  process.stderr.write('ERROR: ' + lines.join('\n       ') + '\n')
  process.exit(1)
}

function readEngines(file) {
  let text
  try {
    text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    return fail(`${file} cannot be read: ${error.message}`)
  }
  try {
    const engines = JSON.parse(text).engines
    return typeof engines === 'object' && engines !== null ? engines : {}
  } catch (error) {
    return fail(`${file} is no JSON: ${error.message}`)
  }
}

function chooseSource(packageFile) {
  const app = readEngines('app.json')
  const own = readEngines(packageFile)
  const told = process.env.MODULUS_CONFIG_ENGINES_NODE || process.env.MODULUS_CONFIG_ENGINES_IOJS
  const silent = !own.node && !own.npm && !own.iojs
  return app && (told || silent) ? { file: 'app.json', engines: app } : { file: packageFile, engines: own }
}

// The range of an engine, null where none is asked for.
function range(source, engine) {
  const text = source.engines[engine]
  if (text === undefined || text === null || text === '') return null
  const read = typeof text === 'string' ? semver.validRange(text, true) : null
  if (read === null) {
    fail(`Unable to determine ${engine} version: engines.${engine} in ${source.file} is ${JSON.stringify(text)}.`,
      'A range of versions is expected, like "20.x", ">=18 <21" or "^22.1.0".')
  }
  return { text, accepts: (version) => semver.satisfies(version, read, { includePrerelease: true }) }
}

// What the registry tells of a package, as JSON.
function ask(...what) {
  try {
    return JSON.parse(execFileSync('npm', ['view', '--json', '--loglevel=error', ...what],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, cwd: process.env.HOME }))
  } catch (error) {
    return fail(`The registry could not be asked for versions: npm view ${what.join(' ')}`,
      ...String(error.stderr || error.message).trim().split('\n').slice(0, 5))
  }
}

const newest = (versions) => semver.rsort(versions.filter((version) => semver.prerelease(version) === null))[0]

function chooseNode(wanted) {
  if (!wanted || wanted.accepts(process.version)) return ''
  const versions = ask(nodePackage, 'versions')
  const chosen = newest(versions.filter(wanted.accepts))
  if (!chosen) {
    fail(`Unable to determine node version: engines.node is "${wanted.text}", and no version of ${nodePackage} is like that.`,
      `The newest is ${newest(versions)}; without a download there is ${process.version.slice(1)}.`)
  }
  return chosen
}

// npm says itself which Node it runs with, most releases before 7 apart.
function runsWith(release, node) {
  const major = semver.major(release.version)
  return semver.satisfies(node, release['engines.node'] || (major < 4 ? '>=0.8 <6' : major < 6 ? '>=4' : '>=6.2'))
}

function chooseNpm(wanted, node) {
  const own = JSON.parse(fs.readFileSync('/usr/share/nodejs/npm/package.json', 'utf8')).version
  if (node === '' && (!wanted || wanted.accepts(own))) return ''
  // npm of those days knows certificates of those days, and compiles with Python 2: Debian's installs for them.
  if (!wanted && semver.lt(node || process.version, '10.0.0')) return ''
  const target = node || process.version
  // From npm 12 on, packages whose install scripts are not allowed one by one are left unbuilt: only who asks gets that.
  const fits = wanted ? wanted.accepts : (version) => semver.major(version) < 12
  const releases = [].concat(ask('npm@>=1', 'version', 'engines.node'))
  const chosen = newest(releases.filter((release) => fits(release.version) && runsWith(release, target))
    .map((release) => release.version))
  if (!chosen) fail(`Unable to determine npm version: engines.npm is "${wanted.text}", and no such npm runs with Node.js ${target}.`)
  return chosen
}

const source = chooseSource(process.argv[2])
const ioOnly = source.engines.iojs && !source.engines.node
const wanted = range(source, 'node')
const node = chooseNode(wanted)
put('node', node)
put('package', nodePackage)
put('npm', chooseNpm(range(source, 'npm'), node))
put('asked', wanted ? `${wanted.text} in ${source.file}` : '')
put('warning', ioOnly ? `${source.file} asks for io.js, which has been part of Node.js since version 4.` : '')
put('done', 'yes')
