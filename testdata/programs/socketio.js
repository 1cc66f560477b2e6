// A Socket.IO server and clients of it, of npm's socket.io.
//
//	node socketio.js server DIR LOG [KEYLOG]
//	node socketio.js client URL LOG
//
// Logged are the events and the answers to them: their JSON, with placeholders
// for bytes, and after it the bytes.
const { logger, secured, tellKeys } = require("./log");
const [role, where, file, keys] = process.argv.slice(2);
const write = logger(file, role);

function log(did, values) {
  const bytes = [];
  const place = (v) => {
    if (Buffer.isBuffer(v) || v instanceof ArrayBuffer) return { _placeholder: true, num: bytes.push(Buffer.from(v)) - 1 };
    if (Array.isArray(v)) return v.map(place);
    if (v && typeof v === "object") return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, place(x)]));
    return v;
  };
  write(did, JSON.stringify(place(values)));
  for (const b of bytes) write(did, b);
}

// hears logs a socket's events, and answers those that want it.
function hears(socket) {
  socket.onAny((...all) => log("got", all.filter((v) => typeof v !== "function")));
  socket.onAnyOutgoing((...all) => log("sent", all.filter((v) => typeof v !== "function")));
}
// answering logs the answer that a function gives.
const answering = (ack) => (...values) => (log("sent", values), ack(...values));
// asks emits an event, and waits for the answer.
const asks = (socket, ...values) => new Promise((r) => socket.emit(...values, (...answer) => (log("got", answer), r(answer))));

function server() {
  const base = keys ? tellKeys(require("https").createServer(secured(where)), keys) : require("http").createServer();
  const io = new (require("socket.io").Server)(base, { pingInterval: 2000, httpCompression: { threshold: 64 } });
  for (const name of ["/", "/chat"]) {
    io.of(name).on("connection", (socket) => {
      hears(socket);
      socket.emit("welcome", name);
      socket.on("add", (a, b, ack) => answering(ack)(a + b));
      socket.on("turn", (b, ack) => answering(ack)(Buffer.from(b).reverse(), b.length));
      socket.on("echo", (...values) => socket.emit("echo", ...values));
      socket.on("many", (n) => { for (let i = 0; i < n; i++) socket.emit("one", i, "one of many"); });
      socket.on("question", async () => { await asks(socket, "why", { so: true }); socket.emit("thanks"); });
      socket.on("join", (room, ack) => (socket.join(room), answering(ack)(room)));
      // To all others of the room.
      socket.on("tell", (room, text) => socket.to(room).emit("told", text));
    });
  }
  base.listen(keys ? 443 : 80);
}

async function session(options, io) {
  const { Manager } = require("socket.io-client");
  const manager = new Manager(where, { ...options, rejectUnauthorized: false, forceNew: true, reconnection: false });
  const open = (name) => new Promise((r) => {
    const socket = manager.socket(name);
    hears(socket);
    socket.once("welcome", () => r(socket));
  });
  const until = (socket, event, n = 1) => new Promise((r) => socket.on(event, () => --n === 0 && r()));
  const socket = await open("/");
  if (io) await io(manager);
  // Three in one go.
  socket.emit("echo", "grün 漢字 🙂");
  socket.emit("echo", { a: [1, null, "two"] }, true);
  socket.emit("echo");
  await asks(socket, "add", 2, 3);
  await asks(socket, "turn", Buffer.from([1, 2, 3, 250, 251, 252]));
  socket.emit("echo", Buffer.from("bytes"), { more: Buffer.from([0, 255]) });
  await until(socket, "echo");
  socket.once("why", (what, ack) => answering(ack)("because", what));
  socket.emit("question");
  await until(socket, "thanks");
  socket.emit("many", 20);
  await until(socket, "one", 20);
  socket.emit("echo", "long ".repeat(800));
  await until(socket, "echo");
  const chat = await open("/chat");
  await asks(chat, "join", "room");
  return { socket, chat, manager };
}

async function client() {
  const slow = await session({ transports: ["polling"] });
  const quick = await session({}, ({ engine }) => engine.transport.name === "websocket" || new Promise((r) => engine.once("upgrade", r)));
  const heard = new Promise((r) => slow.chat.once("told", r));
  quick.chat.emit("tell", "room", "to all others");
  await heard;
  await new Promise((r) => setTimeout(r, 2500)); // a heartbeat
  for (const s of [slow, quick]) (s.chat.disconnect(), s.socket.disconnect());
  setTimeout(() => process.exit(0), 300);
}
({ server, client })[role]();
