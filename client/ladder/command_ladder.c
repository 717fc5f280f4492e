/*
 * The ladder command: walks one connection while its packets are captured, and draws them; without the right to capture
 * it tells the same steps as far as the socket's own facts and the system's tables go.
 */
#include "client/ladder/command_ladder.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/default_port.h"
#include "client/frame/named_files.h"
#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "client/ladder/capture.h"
#include "client/ladder/ladder_target.h"
#include "client/ladder/pcapng.h"
#include "client/ladder/rungs.h"
#include "client/walk/walk.h"
#include "client/walk/walk_script.h"
#include "client/walk/walk_words.h"
#include "common/explain/explain_text.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/units.h"
#include "common/text/version.h"

#define STDOUT_DESCRIPTOR  1
#define DEFAULT_TIMEOUT_NS (1 * CLOCK_NS_PER_SECOND)
/* After the client's close: so long nothing must come, for all to have come. An acknowledgement is put off for 40 ms.
 */
#define QUIET_MS  60
#define NAME_SIZE 320

struct ladder_settings {
  struct common_settings common;
  uint64_t timeout_ns;
  const char *pcap_path;
};

#define FIELD(name) offsetof(struct ladder_settings, name)

static const struct option_row rows[] = {
    {"pcap", 'p', OPTION_PATH, FIELD(pcap_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write the packets for Wireshark ('-' is stdout)") ", with the process of each end as a comment"},
    {"timeout", 't', OPTION_DURATION, FIELD(timeout_ns), "TIME", 10 * CLOCK_NS_PER_MS, 3600 * CLOCK_NS_PER_SECOND, NULL,
     OPTION_BRIEF("longest wait for each step (default 1s)")},
    COMMAND_COLOR_ROW(ladder_settings),
    COMMAND_ASCII_ROW(ladder_settings),
    COMMAND_HELP_ROW(ladder_settings),
    COMMAND_HELP_ALL_ROW(ladder_settings),
    COMMAND_VERSION_ROW(ladder_settings),
};

#define ROWS (sizeof rows / sizeof rows[0])

void command_ladder_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] [TARGET]";
  help->takes = COMPLETION_PORTS;
  help->before =
      "Makes one TCP connection to TARGET (a port, a loopback address with one, a URL; default " DEFAULT_PORT_WORDS
      "), and shows each packet of it, both ways, with the state of either end. A server that is known to echo gets 64 bytes; "
      "any other a connection that is opened and closed. The packets need CAP_NET_RAW, which root has, and who is in a "
      "lab (loping lab); without it the steps are told.\n";
  help->before_brief = "One TCP connection to TARGET (default " DEFAULT_PORT_WORDS "), packet by packet.\n";
  help->after = "exit status: 0 fine, 2 wrong usage, 3 no connection, or --pcap without packets.\n";
  help->rows = rows;
  help->row_count = ROWS;
}

struct kept {
  uint64_t at_ns;
  size_t length, whole;
  uint8_t *bytes;
};

#define PACKETS_MAX 256

struct ladder {
  struct ladder_settings settings;
  struct walk_partner partner;
  struct capture *capture;
  int capture_code;
  uint64_t missed;
  size_t count;
  size_t left_out;
  struct kept packets[PACKETS_MAX];
  struct walk_facts last;
  struct walk_facts connected;
  bool has_connected;
  unsigned step;
  struct text_stream told; /* the steps in words */
};

static void keep(struct ladder *ladder, const struct captured *packet) {
  struct kept *kept = &ladder->packets[ladder->count];
  if (ladder->count == PACKETS_MAX) {
    ladder->left_out++;
    return;
  }
  kept->bytes = memory_take(packet->length + 1);
  if (kept->bytes == NULL) return;
  memcpy(kept->bytes, packet->bytes, packet->length);
  kept->length = packet->length;
  kept->whole = packet->whole;
  kept->at_ns = packet->at_ns;
  ladder->count++;
}

static void collect(struct ladder *ladder) {
  struct captured packet;
  while (ladder->capture != NULL && capture_next(ladder->capture, QUIET_MS, &packet))
    keep(ladder, &packet);
  if (ladder->capture != NULL) ladder->missed = capture_missed(ladder->capture);
}

static void on_step(void *owner, const struct walk_facts *facts) {
  struct ladder *ladder = owner;
  char words[WALK_WORDS_SIZE];
  ladder->last = *facts;
  if (facts->step == WALK_CONNECTED && facts->code == 0) {
    ladder->connected = *facts;
    ladder->has_connected = true;
  }
  if (facts->step == WALK_BOUND) {
    uint16_t port = address_port(&facts->local);
    ladder->capture_code = port == 0 ? UV_EADDRNOTAVAIL : capture_begin(port, &ladder->capture);
  }
  fputs(walk_words(facts, ++ladder->step, words), ladder->told.file);
}

static void name_server(const struct ladder *ladder, char out[NAME_SIZE]) {
  const struct walk_partner *partner = &ladder->partner;
  if (partner->pid != 0)
    snprintf(out, NAME_SIZE, "%s (pid %lld)", partner->name, (long long)partner->pid);
  else
    snprintf(out, NAME_SIZE, partner->is_listening ? "a server whose process is not known" : "nobody who listens");
}

static bool is_from_client(const struct ladder *ladder, const struct packet *packet) {
  return packet->source == address_port(&ladder->last.local);
}

static void draw(const struct ladder *ladder) {
  struct dress_facts dress = command_dress(&ladder->settings.common, STDOUT_DESCRIPTOR);
  struct style style = style_make(dress_has_colour(&dress), command_draws(&ladder->settings.common), 0);
  struct rungs rungs = {.style = &style, .columns = layout_columns(stdout), .put = layout_put_stream, .owner = stdout};
  const struct walk_partner *partner = &ladder->partner;
  printf("\n");
  struct packet packets[PACKETS_MAX];
  size_t count = 0;
  uint16_t port = address_port(&ladder->last.local);
  for (size_t i = 0; i < ladder->count; i++) {
    if (!packet_read(ladder->packets[i].bytes, ladder->packets[i].length, &packets[count])) continue;
    packets[count++].at_ns = ladder->packets[i].at_ns;
  }
  rungs_begin(&rungs, "loping", partner->name[0] != '\0' ? partner->name : "server", partner->is_listening);
  for (size_t i = 0; i < count; i++)
    rungs_add(&rungs, &packets[i], is_from_client(ladder, &packets[i]), ends_has_arrived(packets, count, i, port));
  printf("\n");
}

__attribute__((format(__printf__, 1, 2))) static void say(const char *format, ...) {
  char text[WALK_WORDS_SIZE];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  layout_write(stdout, text);
}

static void say_tables(const struct ladder *ladder) {
  char ends[2][128];
  walk_words_ends(&ladder->connected, ends[0]);
  walk_words_ends(&ladder->last, ends[1]);
  if (ladder->has_connected && ends[0][0] != '\0' && ladder->last.step == WALK_CLOSED)
    say("the system's own tables: after connect() %s; after close() %s\n", ends[0], ends[1]);
  else if (ends[1][0] != '\0')
    say("the system's own tables, at the end: %s\n", ends[1]);
}

static void say_notes(const struct ladder *ladder) {
  say("times: when the kernel let each packet in on lo, from the first one on; after each step loping looks both ends "
      "up, and the next waits for that; states: by the packets (RFC 9293), where a later one shows that they arrived\n");
  say_tables(ladder);
  if (ladder->missed + ladder->left_out > 0)
    say("note: %" PRIu64 " packets more were not kept.\n", ladder->missed + ladder->left_out);
  if (ladder->partner.is_listening && ladder->step > 2 && ladder->last.step >= WALK_FINISHED &&
      !walk_partner_echoes(&ladder->partner))
    say("note: Nothing was sent to this server, since it is not known to be an echo server.\n");
}

static void say_no_capture(const struct ladder *ladder) {
  char name[32];
  explain_code_name(ladder->capture_code, name);
  if (ladder->capture_code == UV_ENOTSUP)
    say("The packets themselves cannot be captured on this system by loping; what the socket and the system's tables tell:\n\n");
  else if (ladder->capture_code == UV_EPERM || ladder->capture_code == UV_EACCES)
    say("The packets themselves need CAP_NET_RAW, which this user has not (%s). As root they are shown: sudo loping "
        "ladder. Without root, in a lab: loping lab open. What the socket and the system's tables tell:\n\n",
        name);
  else
    say("The packets themselves could not be captured (%s); what the socket and the system's tables tell:\n\n", name);
}

static void say_title(const struct ladder *ladder) {
  char address[ADDRESS_TEXT_SIZE], server[NAME_SIZE];
  name_server(ladder, server);
  say("one connection to %s (tcp), %s; the client is loping (pid %d), its port %u\n",
      address_format(&ladder->partner.address, address), server, (int)uv_os_getpid(),
      address_port(&ladder->last.local));
}

/* The connection that did not come about, or broke. */
static int say_failure(const struct ladder *ladder) {
  char words[128], name[32];
  const struct walk_facts *last = &ladder->last;
  if (last->code == 0 || last->step > WALK_ANSWERED) return EXIT_FINE;
  explain_code_name(last->code, name);
  command_complain("the connection %s: %s (%s). Why: loping check %u",
                   last->step == WALK_CONNECTED ? "did not come about" : "broke off",
                   uv_strerror_r(last->code, words, sizeof words), name, address_port(&last->remote));
  return EXIT_NOT_DONE;
}

static int write_pcap(const struct ladder *ladder) {
  const struct result_file file = {"--pcap", ladder->settings.pcap_path};
  struct text_stream out;
  char server[NAME_SIZE], comment[NAME_SIZE + 64];
  bool has_told[2] = {false, false};
  if (file.path == NULL) return EXIT_FINE;
  if (text_stream_open(&out) != 0) return EXIT_NOT_DONE;
  name_server(ladder, server);
  snprintf(comment, sizeof comment, "one connection: client loping (pid %d), server %s", (int)uv_os_getpid(), server);
  pcapng_write_head(out.file, "loping " LOPING_VERSION, comment);
  for (size_t i = 0; i < ladder->count; i++) {
    const struct kept *kept = &ladder->packets[i];
    struct packet packet;
    bool is_client = packet_read(kept->bytes, kept->length, &packet) && is_from_client(ladder, &packet);
    if (is_client)
      snprintf(comment, sizeof comment, "client: loping (pid %d)", (int)uv_os_getpid());
    else
      snprintf(comment, sizeof comment, "server: %s", server);
    pcapng_write_packet(out.file, kept->at_ns, kept->bytes, kept->length, kept->whole,
                        has_told[is_client] ? NULL : comment);
    has_told[is_client] = true;
  }
  int code = text_stream_close(&out);
  bool is_written = result_file_write_bytes(&file, code == 0 ? out.text : NULL, out.length);
  free(out.text);
  return is_written ? EXIT_FINE : EXIT_NOT_DONE;
}

static int report(struct ladder *ladder) {
  bool prints_text = ladder->settings.pcap_path == NULL || strcmp(ladder->settings.pcap_path, "-") != 0;
  bool has_packets = ladder->capture_code == 0;
  if (prints_text) say_title(ladder);
  if (prints_text && has_packets) {
    draw(ladder);
    say_notes(ladder);
  } else if (prints_text) {
    say_no_capture(ladder);
    layout_write(stdout, ladder->told.text);
  }
  int status = say_failure(ladder);
  if (ladder->settings.pcap_path != NULL && !has_packets) {
    command_complain(
        "--pcap: nothing was written, as the packets could not be captured. As root they can: sudo loping ladder");
    return EXIT_NOT_DONE;
  }
  int written = write_pcap(ladder);
  return status != EXIT_FINE ? status : written;
}

static int walk(struct ladder *ladder) {
  struct walk_script script;
  struct walk_plan plan = {.target = ladder->partner.address,
                           .timeout_ns = ladder->settings.timeout_ns,
                           .on_step = on_step,
                           .owner = ladder};
  if (text_stream_open(&ladder->told) != 0) return EXIT_NOT_DONE;
  walk_script_write(ladder->partner.question, &script, &plan);
  int code = walk_run(&plan);
  collect(ladder);
  if (code == UV_ENOTSUP)
    command_complain("ladder is not there on this system: it needs sockets of POSIX");
  else if (code != 0)
    command_complain("no connection could be begun: %s (%s)", uv_strerror(code), uv_err_name(code));
  if (text_stream_close(&ladder->told) != 0 || code != 0) return EXIT_NOT_DONE;
  return report(ladder);
}

static int run(struct ladder *ladder, const struct invocation *invocation) {
  struct options_parsed parsed;
  struct ladder_settings *settings = &ladder->settings;
  uint16_t port = 0;
  settings->timeout_ns = DEFAULT_TIMEOUT_NS;
  if (!options_parse(rows, ROWS, invocation->argc, invocation->argv, settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings->common)) return EXIT_FINE;
  if (parsed.positional_count > 1)
    return command_refuse(invocation->command, "a ladder is of one connection: name one TARGET, leave out the others");
  if (!default_port_find(&port, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  const struct named_file file = {.option = "--pcap", .path = settings->pcap_path};
  if (!named_files_are_apart(&file, 1, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  const char *typed = parsed.positional_count == 1 ? parsed.positionals[0] : NULL;
  int status = ladder_target_find(typed, port, &ladder->partner, parsed.problem);
  if (status != EXIT_FINE) return command_end_with(invocation->command, status, parsed.problem);
  const struct result_file pcap = {"--pcap", settings->pcap_path};
  if (pcap.path != NULL && !result_file_try(&pcap)) return EXIT_NOT_DONE;
  return walk(ladder);
}

int command_ladder(const struct invocation *invocation) {
  struct ladder *ladder = memory_take_zeroed(1, sizeof *ladder);
  if (ladder == NULL) {
    command_complain("out of memory before anything was sent");
    return EXIT_NOT_DONE;
  }
  int status = run(ladder, invocation);
  capture_end(ladder->capture);
  for (size_t i = 0; i < ladder->count; i++)
    free(ladder->packets[i].bytes);
  free(ladder->told.text);
  free(ladder);
  return status;
}
