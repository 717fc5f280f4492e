/*
 * Binds that failed with any facts and any names in them, made into words and JSON. A process calls itself what it
 * likes, and its name must neither reach a terminal as a control nor break a result file.
 */
#include "server/listen/explain_bind.h"
#include "tests/fuzz/explain_supply.h"

FUZZ_SEEDS(FUZZ_SEED("\x01\x02\x03\x04\x05\x06\x07\x08python3\0/usr/bin/python3 -m http.server 62893\0alice\0/tmp/x"),
           FUZZ_SEED("\0\x01\0\x01\0\x01\0\x01\x1b[31mred\x1b[0m\0\xff\xfe\n\r\t\0gr\xc3\xbc\xc3\x9f"),
           FUZZ_SEED("\x09\x08\x07\x06\x05\x04\x03\x02\xe2\x80\xae"
                     "exe.txt\0\xf0\x9f\x90\x98"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  static const int codes[] = {UV_EADDRINUSE, UV_EACCES,       UV_EADDRNOTAVAIL, UV_EMFILE,     UV_ENOENT,     UV_EPERM,
                              UV_EINVAL,     UV_ECONNREFUSED, UV_ETIMEDOUT,     UV_ECONNRESET, UV_EAI_NONAME, -9999};
  struct supply supply = {input, length};
  struct explanation explanation;
  /* Static, because it is large; every input fills it anew. */
  static struct port_report report;
  struct bind_failure bind = {.own_user_id = 0};

  int code = codes[take_byte(&supply) % (sizeof(codes) / sizeof(codes[0]))];
  struct endpoint endpoint = {.transport = (enum transport)(take_byte(&supply) % 3)};
  endpoint.address = take_address(&supply);
  /* An endpoint that was asked for always has an address. */
  if (endpoint.address.ss_family == 0) uv_ip4_addr("127.0.0.1", 1, (struct sockaddr_in *)&endpoint.address);
  bind.code = code;
  bind.wanted_dual_stack = take_byte(&supply) % 2 != 0;
  bind.ipv6_off = (enum machine_answer)(take_byte(&supply) % 3);
  bind.confined = (enum machine_answer)(take_byte(&supply) % 3);
  bind.path_state = (enum unix_path_state)(take_byte(&supply) % (UNIX_PATH_UNASKED + 1));
  bind.free_port = take_byte(&supply);
  bind.descriptor_limit = take_byte(&supply);
  take_report(&supply, &report);
  take_text(&supply, endpoint.path, sizeof(endpoint.path));
  bind.wanted = endpoint;
  bind.sockets = report.known ? &report : NULL;
  explain_bind_failure(&bind, &explanation);
  check_explanation(&explanation, bind.sockets);
  return 0;
}
