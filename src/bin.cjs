#!/usr/bin/env node
// Plain JavaScript of 2009, so that any Node reads it and says what is wrong. The build copies it beside the bundle.
"use strict";

var NEEDED = 24;
// A signal that comes while the bundle is loaded waits for the listeners of `main.ts`, which are there by the next turn.
var SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
var version = process.version;

function wait() {}

if (Number(version.slice(1).split(".")[0]) < NEEDED) {
  var needs = "cloudflare-interconnect-exporter needs Node " + NEEDED + " or newer";
  process.stderr.write(needs + ", this is " + version + "\n");
  process.exitCode = 1;
} else {
  SIGNALS.forEach(function (signal) {
    process.on(signal, wait);
  });
  // oxlint-disable-next-line import/no-unassigned-import
  require("./main.js");
  SIGNALS.forEach(function (signal) {
    process.removeListener(signal, wait);
  });
}
