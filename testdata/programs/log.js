// What a program sent and got, as lines of a log file:
//
//	WHO sent|got BYTES SHA256 beginning of the bytes
const { appendFileSync } = require("fs");
const { createHash } = require("crypto");

exports.logger = (file, who) => (did, data) => {
  const b = Buffer.from(data);
  const start = b.subarray(0, 40).toString("latin1").replace(/[^ -~]/g, ".");
  appendFileSync(file, `${who} ${did} ${b.length} ${createHash("sha256").update(b).digest("hex")} ${start}\n`);
};

// A server's options for TLS, and what writes its secrets down.
exports.secured = (dir) => {
  const fs = require("fs");
  return { key: fs.readFileSync(dir + "/key.pem"), cert: fs.readFileSync(dir + "/cert.pem") };
};
exports.tellKeys = (server, file) => server.on("keylog", (line) => appendFileSync(file, line));
