/* What is meant by a word: the forms are tried in order, each stricter than the next. Pure. */
#include "client/explain/subject.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "client/target/target.h"
#include "common/text/units.h"

#define DIGITS "0123456789"

struct named_code {
  int code;
  const char *name;
};

#define NAMED_CODE(name, words) {UV_##name, #name},
static const struct named_code named_codes[] = {UV_ERRNO_MAP(NAMED_CODE)};

static bool is_number(const char *text) {
  return text[0] != '\0' && strspn(text, DIGITS) == strlen(text);
}

static bool same_letters(const char *one, const char *other) {
  size_t i = 0;
  for (; one[i] != '\0' && other[i] != '\0'; i++)
    if (tolower((unsigned char)one[i]) != tolower((unsigned char)other[i])) return false;
  return one[i] == other[i];
}

/* The text behind a first word such as "errno", or NULL. */
static const char *behind(const char *text, const char *first) {
  size_t length = strlen(first);
  if (strlen(text) <= length) return NULL;
  for (size_t i = 0; i < length; i++)
    if (tolower((unsigned char)text[i]) != first[i]) return NULL;
  if (text[length] != ' ' && text[length] != '=') return NULL;
  text += length + 1;
  return text + strspn(text, " ");
}

/* Windows Sockets' numbers, which no other system uses; Microsoft's page "Windows Sockets Error Codes". */
static int code_of_windows(uint64_t number) {
  static const struct {
    uint64_t number;
    int code;
  } rows[] = {
      {10004, UV_EINTR},         {10013, UV_EACCES},          {10022, UV_EINVAL},       {10024, UV_EMFILE},
      {10035, UV_EAGAIN},        {10037, UV_EALREADY},        {10038, UV_ENOTSOCK},     {10039, UV_EDESTADDRREQ},
      {10040, UV_EMSGSIZE},      {10043, UV_EPROTONOSUPPORT}, {10047, UV_EAFNOSUPPORT}, {10048, UV_EADDRINUSE},
      {10049, UV_EADDRNOTAVAIL}, {10050, UV_ENETDOWN},        {10051, UV_ENETUNREACH},  {10053, UV_ECONNABORTED},
      {10054, UV_ECONNRESET},    {10055, UV_ENOBUFS},         {10056, UV_EISCONN},      {10057, UV_ENOTCONN},
      {10060, UV_ETIMEDOUT},     {10061, UV_ECONNREFUSED},    {10065, UV_EHOSTUNREACH}, {11001, UV_EAI_NONAME},
      {11002, UV_EAI_AGAIN},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].number == number) return rows[i].code;
  return 0;
}

static bool read_code(const char *digits, struct subject *subject) {
  uint64_t number;
  if (units_parse_count(digits, &number) != UNITS_OK || number == 0 || number > INT16_MAX) return false;
  int code = code_of_windows(number);
  if (code == 0) code = uv_translate_sys_error((int)number);
  subject->word = explain_word_of_code(code);
  subject->word_kind = EXPLAIN_WORD_ERROR;
  subject->code = code;
  subject->kind = subject->word != NULL ? SUBJECT_WORD : SUBJECT_CODE;
  return true;
}

/* "errno 111", "error 111", "-111" */
static bool read_code_number(const char *text, struct subject *subject) {
  const char *number = text[0] == '-' ? text + 1 : behind(text, "errno");
  if (number == NULL) number = behind(text, "error");
  return number != NULL && is_number(number) && read_code(number, subject);
}

/* "62893", "62893/tcp", "port 62893", ":62893" */
static bool read_port(const char *text, struct subject *subject) {
  char digits[16] = "";
  const char *named = behind(text, "port");
  const char *number = named != NULL ? named : text[0] == ':' ? text + 1 : text;
  size_t length = strspn(number, DIGITS);
  const char *rest = number + length;
  bool has_transport = strcmp(rest, "/tcp") == 0 || strcmp(rest, "/udp") == 0;
  if (length == 0 || (rest[0] != '\0' && !has_transport)) return false;
  subject->kind = SUBJECT_NOT_A_PORT;
  subject->is_bare_number = number == text && !has_transport;
  if (length >= sizeof digits) return true;
  memcpy(digits, number, length);
  if (address_parse_port(digits, &subject->port) == ADDRESS_OK) subject->kind = SUBJECT_PORT;
  return true;
}

static bool read_word(const char *text, struct subject *subject) {
  subject->word = explain_word_find(text, &subject->word_kind);
  if (subject->word == NULL) return false;
  subject->kind = SUBJECT_WORD;
  return true;
}

/* A name of libuv's that the tables have no row for. */
static bool read_code_name(const char *text, struct subject *subject) {
  for (size_t i = 0; i < sizeof named_codes / sizeof named_codes[0]; i++) {
    if (!same_letters(named_codes[i].name, text)) continue;
    subject->kind = SUBJECT_CODE;
    subject->code = named_codes[i].code;
    return true;
  }
  return false;
}

static bool read_address(const char *text, struct subject *subject) {
  struct target target;
  if (address_network_parse(text, &subject->network)) {
    subject->kind = SUBJECT_NETWORK;
    return true;
  }
  enum target_status status = target_parse(text, &target);
  if (status == TARGET_NEEDS_BRACKETS) {
    subject->kind = SUBJECT_NEEDS_BRACKETS;
    return true;
  }
  bool is_address = status == TARGET_OK && !target.is_unix && target.has_host && !target.is_list &&
                    address_read_numeric(target.host, target.port, &subject->address);
  if (!is_address) return false;
  subject->port = target.port;
  subject->kind = target.has_port ? SUBJECT_PLACE : SUBJECT_ADDRESS;
  return true;
}

void subject_read(const char *text, struct subject *subject) {
  memset(subject, 0, sizeof *subject);
  (void)(read_code_number(text, subject) || read_port(text, subject) || read_word(text, subject) ||
         read_code_name(text, subject) || read_address(text, subject));
}
