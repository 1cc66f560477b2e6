// A Socket.IO client for tests: it does what a list of steps says, one after
// the other, and says on its standard output what comes, as JSON, a line each.
const { io } = require("socket.io-client");
const [url, options, steps] = [process.argv[2], JSON.parse(process.argv[3]), JSON.parse(process.argv[4])];
const say = (what) => console.log(JSON.stringify(what));
const shown = (v) => {
  if (Buffer.isBuffer(v)) return v.length > 16 ? "bytes " + v.length : "bytes:" + v.toString("hex");
  return typeof v === "string" && v.length > 100 ? "text " + v.length : v;
};
const value = (v) => (typeof v === "string" && v.startsWith("bytes:") ? Buffer.from(v.slice(6), "hex") : v);
const sockets = {};
const counts = {};
const refused = {};
let changed = () => {};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function socket(name) {
  if (sockets[name]) return sockets[name];
  const s = (sockets[name] = io(url + name, options));
  s.on("connect", () => say({ connect: name }));
  s.on("connect_error", (e) => {
    refused[name] = true;
    say({ connect_error: name, message: e.message });
    changed();
  });
  s.on("disconnect", (reason) => say({ disconnect: name, reason }));
  s.onAny((event, ...values) => {
    const ack = typeof values[values.length - 1] === "function" ? values.pop() : null;
    if (ack) ack(...values);
    say({ nsp: name, event, values: values.map(shown), acked: !!ack });
    counts[event] = (counts[event] || 0) + 1;
    changed();
  });
  s.io.engine && s.io.engine.on("upgrade", (t) => say({ upgrade: t.name }));
  return s;
}

(async () => {
  for (const step of steps) {
    const s = socket(step.nsp || "/");
    if (step.connected) await new Promise((done) => (s.connected ? done() : s.once("connect", done)));
    while (step.until && (counts[step.until] || 0) < (step.count || 1)) await new Promise((done) => (changed = done));
    while (step.refused && !refused[s.nsp]) await new Promise((done) => (changed = done));
    if (step.lost) await new Promise((done) => (s.connected ? s.once("disconnect", done) : done()));
    if (step.wait) await wait(step.wait);
    if (step.emit) s.emit(step.emit, ...(step.values || []).map(value));
    if (step.ask) {
      const answer = await new Promise((done, fail) => s.timeout(60000).emit(step.ask, ...(step.values || []).map(value), (e, ...a) => (e ? fail(e) : done(a))));
      say({ answer: answer.map(shown) });
    }
  }
  for (const s of Object.values(sockets)) s.disconnect();
  say({ done: true });
  // What is on its way is sent before the program ends by itself.
  setTimeout(() => process.exit(0), 5000).unref();
})().catch((e) => {
  say({ failed: String(e) });
  process.exit(1);
});
