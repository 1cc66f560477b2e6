// A WebSocket server and a client of it, of npm's ws.
//
//	node ws.js server DIR LOG [KEYLOG]
//	node ws.js client URL LOG
const WebSocket = require("ws");
const { logger, secured, tellKeys } = require("./log");
const [role, where, file, keys] = process.argv.slice(2);
const log = logger(file, role);

// Beside each message, what is sent in answer to it.
const talk = [
  ["Hello.", "Hello, you."],
  ["Hello again, hello again.", "Hello again, you, hello again."],
  [Buffer.from([0, 1, 2, 253, 254, 255]), Buffer.from([255, 254, 253])],
  ["grün 漢字 🙂", JSON.stringify({ a: [1, null, "grün"] })],
  ["x".repeat(300), "y".repeat(70000)],
  ["", ""],
];
const same = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

function server() {
  const fs = keys ? tellKeys(require("https").createServer(secured(where)), keys) : require("http").createServer();
  // Small messages are compressed, too; a path decides what is kept in mind.
  const make = (own) => new WebSocket.Server({ noServer: true, perMessageDeflate: own && { threshold: 0, ...own } });
  const all = { "/context": make({}), "/fresh": make({ serverNoContextTakeover: true, clientNoContextTakeover: true }), "/plain": make(false) };
  for (const path in all) {
    all[path].on("connection", (ws) => {
      ws.on("message", (data, binary) => {
        log("got", data);
        const pair = talk.find(([ask]) => same(ask, data));
        const answer = pair ? pair[1] : data;
        log("sent", answer);
        ws.send(answer, { binary: typeof answer !== "string" && binary });
      });
      ws.ping("still there?");
    });
  }
  fs.on("upgrade", (req, socket, head) => all[req.url].handleUpgrade(req, socket, head, (ws) => all[req.url].emit("connection", ws)));
  fs.listen(keys ? 443 : 80);
}

async function client() {
  for (const path of ["/context", "/fresh", "/plain"]) {
    const ws = new WebSocket(where + path, { rejectUnauthorized: false, perMessageDeflate: path !== "/plain" && { threshold: 0 } });
    const answers = [];
    let wake = () => {};
    ws.on("message", (data) => (log("got", data), answers.push(data), wake()));
    await new Promise((r) => ws.on("open", r));
    const answered = async (n) => { while (answers.length < n) await new Promise((r) => (wake = r)); };
    let n = 0;
    for (const [ask] of talk) {
      log("sent", ask);
      ws.send(ask, { binary: typeof ask !== "string" });
      await answered(++n);
    }
    // A message in three fragments, with a ping between them.
    log("sent", "one, two, three");
    ws.send("one, ", { fin: false });
    ws.ping("between");
    ws.send("two, ", { fin: false });
    ws.send("three", { fin: true });
    await answered(++n);
    // Several at once.
    for (const s of ["a", "b", "c"]) (log("sent", s), ws.send(s));
    await answered((n += 3));
    ws.close(1000, "that is all");
    await new Promise((r) => ws.on("close", r));
  }
}
({ server, client })[role]();
