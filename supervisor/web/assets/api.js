// The daemon, seen from here.

/** An error the daemon answered with, or UNREACHABLE. */
export class ApiError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** A path of the interface; addresses are relative, so that a proxy may serve this below a prefix. */
export function pathOf(...segments) {
  return `api/v1/${segments.map((s) => encodeURIComponent(s).replace(/%3A/g, ":").replace(/%2A/g, "*")).join("/")}`;
}

/** fetch() refuses credentials in an address, and the page's own may have some. */
const absolute = (path) => new URL(path, location.origin + location.pathname);

async function request(path, options) {
  let response;
  try {
    response = await fetch(absolute(path), { cache: "no-store", ...options });
  } catch {
    throw new ApiError("UNREACHABLE", "the daemon cannot be reached");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new ApiError(body?.error?.code ?? "FAILED", body?.error?.message ?? `HTTP ${response.status}`);
  }
  return body;
}

export const getJson = (path) => request(path);

export function postJson(path, body = {}) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** A log as it grows: calls `onText` until `signal` aborts or the connection ends. */
export async function followLog(name, channel, tail, signal, onText) {
  const path = `${pathOf("programs", name, "logs", channel)}?follow=true&tail=${tail}`;
  let response;
  try {
    response = await fetch(absolute(path), { cache: "no-store", signal });
  } catch (error) {
    if (signal.aborted) return;
    throw new ApiError("UNREACHABLE", error.message);
  }
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw new ApiError(body?.error?.code ?? "FAILED", body?.error?.message ?? `HTTP ${response.status}`);
  }
  onText("");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onText(value);
    }
  } catch {
    // Aborted, or the connection broke: the caller knows which.
  }
}

const EVENTS = ["snapshot", "state", "group_added", "group_removed", "daemon"];
const LONGEST_WAIT = 10_000;

/**
 * Listens to what happens, for ever: a connection that breaks is made again, and begins with a
 * snapshot. `onEvent(type, data)`, `onLost()`.
 */
export function listen(onEvent, onLost) {
  let wait = 500;

  function connect() {
    const source = new EventSource("events");
    for (const type of EVENTS) {
      source.addEventListener(type, (event) => {
        wait = 500;
        onEvent(type, JSON.parse(event.data));
      });
    }
    source.onerror = () => {
      onLost();
      // A browser goes on by itself after a broken connection, slowly, and never after an error status.
      source.close();
      setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    };
  }
  connect();
}
