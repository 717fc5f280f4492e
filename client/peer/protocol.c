/*
 * Questions and answers of the protocols that are met on a machine's own ports. Sources: RFC 4253 (SSH), 5321 (SMTP),
 * 959 (FTP), 1939 (POP3), 3501 (IMAP), 6143 (VNC), 9110 (HTTP), 8446 and 5246 (TLS), 1035 (DNS); the manuals of
 * PostgreSQL
 * ("Message Formats"), MySQL ("Protocol::HandshakeV10"), Redis and memcached. Pure.
 */
#include "client/peer/protocol.h"

#include <stdio.h>
#include <string.h>

#include "client/peer/greeting.h"

#define HELLO_FRAME_BYTES 64

static const char *const names[PROTOCOLS] = {
    [PROTOCOL_HTTP] = "HTTP",   [PROTOCOL_TLS] = "TLS",     [PROTOCOL_POSTGRESQL] = "PostgreSQL",
    [PROTOCOL_REDIS] = "Redis", [PROTOCOL_SSH] = "SSH",     [PROTOCOL_MEMCACHED] = "memcached",
    [PROTOCOL_DNS] = "DNS",     [PROTOCOL_SMTP] = "SMTP",   [PROTOCOL_FTP] = "FTP",
    [PROTOCOL_MYSQL] = "MySQL", [PROTOCOL_POP3] = "POP3",   [PROTOCOL_IMAP] = "IMAP",
    [PROTOCOL_VNC] = "VNC",     [PROTOCOL_RSYNC] = "rsync",
};

const char *protocol_name(enum protocol protocol) {
  return names[protocol];
}

bool question_find(const char *name, enum question *question) {
  static const struct {
    const char *name;
    enum question question;
  } questions[] = {
      {"none", QUESTION_NONE}, {"echo", QUESTION_ECHO},           {"http", QUESTION_HTTP},
      {"tls", QUESTION_TLS},   {"postgres", QUESTION_POSTGRESQL}, {"redis", QUESTION_REDIS},
      {"dns", QUESTION_DNS},   {"memcached", QUESTION_MEMCACHED},
  };
  for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
    if (strcmp(name, questions[i].name) == 0) {
      *question = questions[i].question;
      return true;
    }
  return false;
}

/* A ClientHello of TLS 1.2, which every TLS server answers, with a hello of its own or with an alert. */
static const uint8_t client_hello[] = {
    0x16, 0x03, 0x01, 0x00, 0x5d,       /* record: handshake, 93 bytes */
    0x01, 0x00, 0x00, 0x59, 0x03, 0x03, /* ClientHello, 89 bytes, TLS 1.2 */
    'l',  'o',  'p',  'i',  'n',  'g',  ' ',  'a',  's',  'k',  's',  ' ',  'p',  'o',  'l',  'i',
    't',  'e',  'l',  'y',  ' ',  'w',  'h',  'o',  ' ',  'i',  's',  ' ',  'h',  'e',  'r',  'e', /* random */
    0x00,                                                                                          /* no session */
    0x00, 0x10, 0xc0, 0x2f, 0xc0, 0x30, 0xc0, 0x2b, 0xc0, 0x2c, 0xcc, 0xa8, 0xcc, 0xa9, 0x00, 0x9c,
    0x00, 0x2f, 0x01, 0x00,                                                 /* no compression */
    0x00, 0x20,                                                             /* extensions */
    0x00, 0x0a, 0x00, 0x08, 0x00, 0x06, 0x00, 0x1d, 0x00, 0x17, 0x00, 0x18, /* groups: x25519, P-256, P-384 */
    0x00, 0x0b, 0x00, 0x02, 0x01, 0x00,                                     /* points: uncompressed */
    0x00, 0x0d, 0x00, 0x0a, 0x00, 0x08, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x02, 0x01, /* signatures */
};

/* GSSENCRequest: the server answers it with one byte, as it does SSLRequest, but notes nothing in its log when the
 * client then leaves, which it does of a TLS handshake that does not follow. PostgreSQL 12 and later. */
static const uint8_t postgresql_request[] = {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16, 0x30};

/* The address of localhost, which no server asks others for. */
static const uint8_t dns_query[] = {
    'l', 'p', 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 9,    'l',
    'o', 'c', 'a',  'l',  'h',  'o',  's',  't',  0x00, 0x00, 0x01, 0x00, 0x01,
};

static size_t put(const void *bytes, size_t length, uint8_t *out) {
  memcpy(out, bytes, length);
  return length;
}

static size_t write_dns(bool is_udp, uint8_t *out) {
  const uint8_t length[] = {0, sizeof dns_query};
  size_t used = is_udp ? 0 : put(length, sizeof length, out);
  return used + put(dns_query, sizeof dns_query, out + used);
}

static size_t write_stream(enum question question, const char *host, uint8_t out[PROTOCOL_QUESTION_BYTES]) {
  switch (question) {
    case QUESTION_HTTP: {
      int length = snprintf((char *)out, PROTOCOL_QUESTION_BYTES,
                            "HEAD / HTTP/1.1\r\nHost: %.64s\r\nConnection: close\r\n\r\n", host);
      return length > 0 ? (size_t)length : 0;
    }
    case QUESTION_TLS:
      return put(client_hello, sizeof client_hello, out);
    case QUESTION_POSTGRESQL:
      return put(postgresql_request, sizeof postgresql_request, out);
    case QUESTION_REDIS:
      return put("PING\r\n", 6, out);
    case QUESTION_MEMCACHED:
      return put("version\r\n", 9, out);
    default:
      return 0;
  }
}

size_t question_write(enum question question, const char *host, bool is_udp, uint8_t out[PROTOCOL_QUESTION_BYTES]) {
  switch (question) {
    case QUESTION_ECHO:
      greeting_write(GREETING_PROBE, 0, false, out);
      return GREETING_BYTES;
    case QUESTION_HELLO: /* of datagrams lopong knows no hello */
      greeting_write(is_udp ? GREETING_PROBE : GREETING_HELLO, HELLO_FRAME_BYTES, false, out);
      return GREETING_BYTES;
    case QUESTION_DNS:
      return write_dns(is_udp, out);
    default:
      return is_udp ? 0 : write_stream(question, host, out);
  }
}

static bool begins(const uint8_t *bytes, size_t length, const char *words) {
  size_t wanted = strlen(words);
  return length >= wanted && memcmp(bytes, words, wanted) == 0;
}

static const uint8_t *find_byte(const uint8_t *bytes, size_t length, int byte) {
  return length > 0 ? memchr(bytes, byte, length) : NULL;
}

static void note_product(const uint8_t *from, size_t length, struct protocol_facts *facts) {
  while (length > 0 && (from[0] == ' ' || from[0] == '\t'))
    from++, length--;
  while (length > 0 && (from[length - 1] == '\r' || from[length - 1] == ' '))
    length--;
  if (length >= sizeof facts->product) length = sizeof facts->product - 1;
  memcpy(facts->product, from, length);
  facts->product[length] = '\0';
}

/* The line at `bytes` without its end. */
static size_t line_length(const uint8_t *bytes, size_t length) {
  const uint8_t *end = find_byte(bytes, length, '\n');
  return end != NULL ? (size_t)(end - bytes) : length;
}

static bool is_header(const uint8_t *line, size_t length, const char *name) {
  for (size_t i = 0; name[i] != '\0'; i++) {
    if (i >= length) return false;
    uint8_t byte = line[i];
    if (byte >= 'A' && byte <= 'Z') byte = (uint8_t)(byte - 'A' + 'a');
    if (byte != (uint8_t)name[i]) return false;
  }
  return true;
}

static void read_http(const uint8_t *answer, size_t length, struct protocol_facts *facts) {
  static const char server[] = "server:";
  while (length > 0) {
    size_t line = line_length(answer, length);
    if (is_header(answer, line, server)) {
      note_product(answer + strlen(server), line - strlen(server), facts);
      return;
    }
    if (line + 1 >= length) return;
    answer += line + 1;
    length -= line + 1;
  }
}

static bool has_whole_head(const uint8_t *answer, size_t length) {
  for (size_t i = 0; i + 4 <= length; i++)
    if (memcmp(answer + i, "\r\n\r\n", 4) == 0) return true;
  return false;
}

/* A packet: its length in 3 bytes, number 0, protocol 10 and the version, up to a NUL; or 255 and an error. MariaDB
 * puts "5.5.5-" in front, for the sake of old clients. */
static bool read_mysql(const uint8_t *answer, size_t length, struct protocol_facts *facts) {
  static const char prefix[] = "5.5.5-";
  if (length < 6 || answer[3] != 0 || answer[2] != 0 || (answer[4] != 10 && answer[4] != 255)) return false;
  size_t packet = answer[0] | (size_t)answer[1] << 8;
  if (packet < 8 || packet > 512) return false;
  facts->protocol = PROTOCOL_MYSQL;
  if (answer[4] == 255) return true;
  const uint8_t *version = answer + 5, *end = find_byte(version, length - 5, '\0');
  if (end == NULL) return false;
  size_t version_length = (size_t)(end - version);
  if (begins(version, version_length, prefix)) {
    version += strlen(prefix);
    version_length -= strlen(prefix);
  }
  note_product(version, version_length, facts);
  return true;
}

static bool contains(const uint8_t *bytes, size_t length, const char *words) {
  size_t wanted = strlen(words);
  for (size_t i = 0; i + wanted <= length; i++)
    if (memcmp(bytes + i, words, wanted) == 0) return true;
  return false;
}

/* Those that begin with a line of text. */
static enum protocol protocol_of_line(const uint8_t *line, size_t length) {
  static const struct {
    const char *words;
    enum protocol protocol;
  } beginnings[] = {{"SSH-", PROTOCOL_SSH},    {"RFB 0", PROTOCOL_VNC},      {"+OK", PROTOCOL_POP3},
                    {"* OK", PROTOCOL_IMAP},   {"* PREAUTH", PROTOCOL_IMAP}, {"@RSYNCD:", PROTOCOL_RSYNC},
                    {"HTTP/1.", PROTOCOL_HTTP}};
  for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
    if (begins(line, length, beginnings[i].words)) return beginnings[i].protocol;
  if (!begins(line, length, "220 ") && !begins(line, length, "220-")) return PROTOCOL_UNKNOWN;
  return contains(line, length, "SMTP")  ? PROTOCOL_SMTP
         : contains(line, length, "FTP") ? PROTOCOL_FTP
                                         : PROTOCOL_UNKNOWN;
}

/* The part of the first line that names the server. */
static void note_line_product(const uint8_t *line, size_t length, struct protocol_facts *facts) {
  size_t skipped = facts->protocol == PROTOCOL_SSH ? strlen("SSH-2.0-") : strlen("220 ");
  bool has_product =
      facts->protocol == PROTOCOL_SSH || facts->protocol == PROTOCOL_SMTP || facts->protocol == PROTOCOL_FTP;
  if (has_product && length > skipped) note_product(line + skipped, length - skipped, facts);
}

/* What a server may say unasked, or instead of an answer. */
static enum protocol_answer read_greeting(const uint8_t *answer, size_t length, bool is_all,
                                          struct protocol_facts *facts) {
  size_t line = line_length(answer, length);
  bool has_line = line < length;
  if (read_mysql(answer, length, facts)) return PROTOCOL_ANSWER_KNOWN;
  facts->protocol = protocol_of_line(answer, line);
  if (facts->protocol == PROTOCOL_HTTP) {
    if (!is_all && !has_whole_head(answer, length)) return PROTOCOL_ANSWER_PARTIAL;
    read_http(answer, length, facts);
    return PROTOCOL_ANSWER_KNOWN;
  }
  if (!has_line && !is_all) return PROTOCOL_ANSWER_PARTIAL;
  if (facts->protocol == PROTOCOL_UNKNOWN) return PROTOCOL_ANSWER_OTHER;
  note_line_product(answer, line, facts);
  return PROTOCOL_ANSWER_KNOWN;
}

/* A record of TLS: a handshake message or an alert. */
static bool is_tls(const uint8_t *answer, size_t length) {
  return length >= 3 && (answer[0] == 0x15 || answer[0] == 0x16) && answer[1] == 0x03 && answer[2] <= 0x04;
}

static bool is_redis(const uint8_t *answer, size_t length) {
  static const char *const answers[] = {"+PONG", "-NOAUTH", "-DENIED", "-LOADING", "-MASTERDOWN", "-ERR"};
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
    if (begins(answer, length, answers[i])) return true;
  return false;
}

/* The same number, and the bit of an answer. Over a stream its length goes in front. */
static bool is_dns(const uint8_t *answer, size_t length, size_t sent_length) {
  size_t front = sent_length > sizeof dns_query ? 2 : 0;
  return length >= front + 12 && memcmp(answer + front, dns_query, 2) == 0 && (answer[front + 2] & 0x80) != 0;
}

/* The answer that the question was for. */
static bool is_answer_to(enum question question, size_t sent_length, const uint8_t *answer, size_t length,
                         struct protocol_facts *facts) {
  static const char version[] = "VERSION ";
  switch (question) {
    case QUESTION_POSTGRESQL:
      facts->protocol = PROTOCOL_POSTGRESQL;
      return (length == 1 && (answer[0] == 'N' || answer[0] == 'G' || answer[0] == 'S')) || answer[0] == 'E';
    case QUESTION_REDIS:
      facts->protocol = PROTOCOL_REDIS;
      return is_redis(answer, length);
    case QUESTION_MEMCACHED:
      facts->protocol = PROTOCOL_MEMCACHED;
      if (!begins(answer, length, version)) return false;
      note_product(answer + strlen(version), line_length(answer, length) - strlen(version), facts);
      return true;
    case QUESTION_DNS:
      facts->protocol = PROTOCOL_DNS;
      return is_dns(answer, length, sent_length);
    default:
      facts->protocol = PROTOCOL_TLS;
      return is_tls(answer, length);
  }
}

static enum protocol_answer judge_greeting(const uint8_t *sent, const uint8_t *answer, size_t length,
                                           struct protocol_facts *facts) {
  struct wire_welcome welcome;
  size_t judged = length < GREETING_BYTES ? length : GREETING_BYTES;
  switch (greeting_judge(sent, answer, judged, &welcome)) {
    case GREETING_ANSWER_PARTIAL:
      return PROTOCOL_ANSWER_PARTIAL;
    case GREETING_ANSWER_OTHER:
      return PROTOCOL_ANSWER_OTHER;
    case GREETING_ANSWER_LOPONG:
      facts->fails_on_purpose = (welcome.flags & WIRE_HELLO_FLAG_FAULTS) != 0;
      return PROTOCOL_ANSWER_ECHO;
    default:
      return PROTOCOL_ANSWER_ECHO;
  }
}

/* Is it what was sent, or the beginning of that? A server that returns one reading's worth and closes is an echo, too.
 */
static enum protocol_answer judge_echo(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t length,
                                       bool is_all) {
  size_t compared = length < sent_length ? length : sent_length;
  if (compared == 0 || memcmp(sent, answer, compared) != 0) return PROTOCOL_ANSWER_OTHER;
  return length >= sent_length || is_all ? PROTOCOL_ANSWER_ECHO : PROTOCOL_ANSWER_PARTIAL;
}

enum protocol_answer protocol_judge(enum question question, const uint8_t *sent, size_t sent_length,
                                    const uint8_t *answer, size_t length, bool is_all, struct protocol_facts *facts) {
  memset(facts, 0, sizeof *facts);
  if (length == 0) return PROTOCOL_ANSWER_PARTIAL;
  if (sent_length > 0) {
    enum protocol_answer echo = question == QUESTION_HELLO && sent_length == GREETING_BYTES
                                    ? judge_greeting(sent, answer, length, facts)
                                    : judge_echo(sent, sent_length, answer, length, is_all);
    if (echo != PROTOCOL_ANSWER_OTHER) return echo;
    if (is_answer_to(question, sent_length, answer, length, facts)) return PROTOCOL_ANSWER_KNOWN;
    memset(facts, 0, sizeof *facts);
  }
  return read_greeting(answer, length, is_all, facts);
}

const char *protocol_goodbye(enum protocol protocol) {
  switch (protocol) {
    case PROTOCOL_SSH: /* whoever leaves without a name of its own has two lines in the log instead of one */
      return "SSH-2.0-loping\r\n";
    case PROTOCOL_SMTP:
    case PROTOCOL_FTP:
    case PROTOCOL_POP3:
      return "QUIT\r\n";
    case PROTOCOL_IMAP:
      return "a LOGOUT\r\n";
    default:
      return NULL;
  }
}
