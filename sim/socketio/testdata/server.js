// A Socket.IO server for tests: it says on its standard output where it listens
// and what comes, as JSON, a line each.
const { createServer } = require("http");
const { Server } = require("socket.io");
const options = JSON.parse(process.argv[2] || "{}");
const http = createServer();
const io = new Server(http, options);
const say = (what) => console.log(JSON.stringify(what));
const shown = (v) => {
  if (Buffer.isBuffer(v)) return v.length > 16 ? "bytes " + v.length : "bytes:" + v.toString("hex");
  return typeof v === "string" && v.length > 100 ? "text " + v.length : v;
};

for (const name of ["/", "/chat"]) {
  io.of(name).on("connection", (socket) => {
    say({ connect: name });
    socket.onAny((event, ...values) => say({ nsp: name, event, values: values.filter((v) => typeof v !== "function").map(shown) }));
    socket.on("echo", (...values) => {
      const ack = typeof values[values.length - 1] === "function" ? values.pop() : null;
      if (ack) ack(...values);
      else socket.emit("echo", ...values);
    });
    socket.on("ask", (...values) => socket.emit("question", ...values, (...answer) => say({ answer: answer.map(shown) })));
    // It answers when the session is over that transport.
    socket.on("over", (transport, ack) => {
      const tell = () => socket.conn.transport.name === transport && ack(transport);
      if (!tell()) socket.conn.once("upgrade", tell);
    });
    socket.on("join", (room) => socket.join(room));
    socket.on("tell", (room, ...values) => io.of(name).to(room).emit("told", ...values));
    socket.on("shout", (...values) => socket.broadcast.emit("shouted", ...values));
    socket.on("bye", () => socket.disconnect());
    socket.on("disconnect", (reason) => say({ disconnect: name, reason, transport: socket.conn.transport.name }));
    socket.conn.on("upgrade", () => say({ upgrade: socket.conn.transport.name }));
  });
}
http.listen(options.port || 0, "127.0.0.1", () => say({ port: http.address().port }));
