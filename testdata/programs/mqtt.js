// Clients of MQTT over WebSocket, of npm's mqtt.
//
//	node mqtt.js URL LOG VERSION
const mqtt = require("mqtt");
const { logger } = require("./log");
const [url, file, version] = process.argv.slice(2);
const log = logger(file, "client");

async function main() {
  const c = await mqtt.connectAsync(url, { protocolVersion: +version, clientId: "over-websocket-" + version });
  const got = [];
  let wake = () => {};
  c.on("message", (_, b) => (log("got", b), got.push(b), wake()));
  await c.subscribeAsync("strata/#", { qos: 2 });
  const all = [["strata/a", "at most once", 0], ["strata/b", "at least once", 1], ["strata/c", "exactly once", 2], ["strata/c", "z".repeat(3000), 1]];
  for (const [topic, text, qos] of all) {
    log("sent", text);
    await c.publishAsync(topic, text, { qos });
    while (got.length < all.findIndex((x) => x[1] === text) + 1) await new Promise((r) => (wake = r));
  }
  await c.endAsync();
}
main();
