// Outside of V8's heap, whose limit says nothing of it: until the container's.
const all = [];
for (;;) all.push(Buffer.alloc(1 << 20, 1));
