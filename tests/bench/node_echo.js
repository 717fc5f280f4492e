// An echo server as one writes it with node: what comes is piped back. Prints "listening on 127.0.0.1:PORT".
"use strict";

const net = require("node:net");

const server = net.createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
