/* Runs that failed with any facts and any names in them, made into words and JSON; see fuzz_explain_bind.c. */
#include "client/failure/client_failure.h"
#include "common/text/safe_text.h"
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
  struct client_failure client = {.own_user_id = 1000};

  int code = codes[take_byte(&supply) % (sizeof(codes) / sizeof(codes[0]))];
  struct endpoint endpoint = {.transport = (enum transport)(take_byte(&supply) % 3)};
  endpoint.address = take_address(&supply);
  /* An endpoint that was asked for always has an address. */
  if (endpoint.address.ss_family == 0) uv_ip4_addr("127.0.0.1", 1, (struct sockaddr_in *)&endpoint.address);
  client.code = code;
  static struct advice advice;
  struct second_look look = {.advice = &advice};
  memset(&advice, 0, sizeof advice);
  look.verdict = (enum verdict)(take_byte(&supply) % VERDICTS);
  look.is_healthy = verdict_exit_status(look.verdict, &(struct port_facts){.is_udp = false}) == 0;
  client.step = (enum client_step)(take_byte(&supply) % (CLIENT_STEP_MEASURE + 1));
  client.finding = (enum client_finding)(take_byte(&supply) % (CLIENT_FINDING_OTHER_CLOCK + 1));
  client.account.is_stream = take_byte(&supply) % 2;
  client.account.round_trips = client.account.bytes = take_byte(&supply);
  client.account.warmup_round_trips = client.account.warmup_bytes = take_byte(&supply) % (client.account.bytes + 1);
  client.account.connections = take_byte(&supply);
  client.account.affected = take_byte(&supply);
  client.account.partial_bytes = take_byte(&supply);
  take_report(&supply, &report);
  take_text(&supply, endpoint.path, sizeof(endpoint.path));
  take_text(&supply, client.host, sizeof(client.host));
  take_text(&supply, client.first_bytes, sizeof(client.first_bytes));
  client.first_bytes_length = strlen(client.first_bytes);
  client.target = endpoint;
  client.sockets = report.known ? &report : NULL;
  char quoted[FACTS_FIRST_BYTES * 4 + 1];
  safe_text_copy(client.first_bytes, client.first_bytes_length, quoted, sizeof quoted);
  advice_say(&advice, "a server answers \"%s\".", quoted);
  advice_step(&advice, "look: %s", quoted);
  explain_client_failure(&client, take_byte(&supply) % 2 == 0 ? &look : NULL, &explanation);
  check_explanation(&explanation, client.sockets);
  return 0;
}
