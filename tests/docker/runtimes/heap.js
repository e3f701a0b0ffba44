// Until V8's own limit.
const all = [];
for (;;) all.push({ x: new Array(100).fill(all.length) });
