// Reads what curl's --trace wrote, and logs the messages of HTTP in it.
//
//	node curl.js TRACE LOG
const { readFileSync } = require("fs");
const log = require("./log").logger(process.argv[3], "client");

let at = "", bytes = [];
const done = () => {
  if (bytes.length) log(at, Buffer.from(bytes));
  bytes = [];
};
let kind = "";
for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
  const head = line.match(/^(=>|<=|==) (\S+) (\S+)/);
  if (head) {
    kind = head[1] + head[2] + " " + head[3].replace(",", "");
    const did = kind === "=>Send header" || kind === "=>Send data" ? "sent" : kind === "<=Recv header" || kind === "<=Recv data" ? "got" : "";
    if (did && did !== at) done();
    if (did) at = did;
    else kind = "";
    continue;
  }
  const hex = line.match(/^[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){1,16})/);
  if (hex && kind) bytes.push(...hex[1].trim().split(" ").map((h) => parseInt(h, 16)));
}
done();
