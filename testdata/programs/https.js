// A web server over TLS.
//
//	node https.js DIR KEYLOG [MAX-VERSION]
//
// DIR has its key, its certificate and a page.
const https = require("https"), zlib = require("zlib"), fs = require("fs");
const { secured, tellKeys } = require("./log");
const [dir, keys, maxVersion] = process.argv.slice(2);
const text = fs.readFileSync(dir + "/www/long.txt");

const server = https.createServer({ ...secured(dir), maxVersion: maxVersion || "TLSv1.3" }, (req, res) => {
  const body = [];
  req.on("data", (b) => body.push(b));
  req.on("end", () => {
    const got = Buffer.concat(body);
    switch (req.url) {
      case "/": // a page of known length
        res.setHeader("Content-Type", "text/html").end("<!doctype html><title>Strata</title><p>Hello.\n");
        break;
      case "/long.txt": // more than a record may hold
        res.setHeader("Content-Type", "text/plain").setHeader("Content-Length", text.length).end(text);
        break;
      case "/made": // in chunks, each with a record of its own
        for (const s of ["It is made ", "as it ", "leaves.\n"]) res.write(s);
        res.end();
        break;
      case "/packed":
        res.setHeader("Content-Type", "text/plain").setHeader("Content-Encoding", "gzip").end(zlib.gzipSync(text));
        break;
      case "/answer":
        res.setHeader("Content-Type", "application/json").end(JSON.stringify({ bytes: got.length, type: req.headers["content-type"] }));
        break;
      default:
        res.statusCode = 404;
        res.end("There is no " + req.url + ".\n");
    }
  });
});
tellKeys(server, keys).listen(443);
