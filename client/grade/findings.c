/* See findings.h: the rules by which bytes show a mistake, the most telling first. */
#include "client/grade/findings.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/units.h"

/* So many bytes found elsewhere are the same place, not chance. */
#define SAME_BYTES 12
/* A read buffer is rarely larger: what came before the end beyond it was no single read. */
#define ONE_READ_MAX 65536
#define QUOTED_BYTES 24

const char *finding_quote(const uint8_t *bytes, size_t length, char out[FINDING_BYTES_SIZE]) {
  size_t used = 0, shown = length < QUOTED_BYTES ? length : QUOTED_BYTES;
  if (length == 0) {
    snprintf(out, FINDING_BYTES_SIZE, "nothing");
    return out;
  }
  out[used++] = '"';
  for (size_t i = 0; i < shown; i++) {
    uint8_t byte = bytes[i];
    size_t left = FINDING_BYTES_SIZE - used;
    if (byte == '\n' || byte == '\r' || byte == '\t')
      used += (size_t)snprintf(out + used, left, "\\%c", byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't');
    else if (byte == '\0')
      used += (size_t)snprintf(out + used, left, "\\0");
    else if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\')
      used += (size_t)snprintf(out + used, left, "\\x%02x", byte);
    else
      out[used++] = (char)byte;
  }
  snprintf(out + used, FINDING_BYTES_SIZE - used, "\"%s", shown < length ? " ..." : "");
  return out;
}

void finding_say_sent(struct finding *finding, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->sent, sizeof finding->sent, format, arguments);
  va_end(arguments);
}

void finding_say_came(struct finding *finding, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->came, sizeof finding->came, format, arguments);
  va_end(arguments);
}

static size_t common_prefix(const struct echo_facts *facts) {
  size_t least = facts->sent_bytes < facts->came_bytes ? facts->sent_bytes : facts->came_bytes;
  size_t length = 0;
  while (length < least && facts->sent[length] == facts->came[length])
    length++;
  return length;
}

/* Where the needle begins in the bytes from `from` on; SIZE_MAX: nowhere. */
static size_t find(const uint8_t *bytes, size_t length, size_t from, const uint8_t *needle, size_t needle_length) {
  for (size_t i = from; needle_length > 0 && i + needle_length <= length; i++)
    if (bytes[i] == needle[0] && memcmp(bytes + i, needle, needle_length) == 0) return i;
  return SIZE_MAX;
}

static bool is_blank(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (!isspace(bytes[i])) return false;
  return length > 0;
}

static size_t least_of(size_t one, size_t other) {
  return one < other ? one : other;
}

/* Nothing but the beginning came. */
static enum mistake judge_missing(const struct echo_facts *facts, size_t same) {
  uint8_t next = facts->sent[same];
  if (same == 0) return facts->end == ECHO_SILENT ? MISTAKE_NO_REPLY : MISTAKE_CLOSES_WITHOUT_REPLY;
  if (next == 0) return MISTAKE_STOPS_AT_NUL;
  if (facts->is_datagram && next >= ' ' && next < 127) return MISTAKE_CUTS_DATAGRAMS;
  if (next == 255) return MISTAKE_STOPS_AT_BYTE_255;
  size_t boundary = facts->first_bytes > same ? facts->first_bytes : facts->sent_bytes;
  if (is_blank(facts->sent + same, boundary - same)) return MISTAKE_STRIPS_LINE_END;
  if (facts->first_bytes == same && facts->end != ECHO_SILENT) return MISTAKE_CLOSES_AFTER_ONE;
  if (facts->first_bytes != same && (facts->sent[same - 1] == '\n' || next == '\n')) return MISTAKE_DROPS_AFTER_NEWLINE;
  if (next < ' ' || next == 127) return MISTAKE_STOPS_AT_BYTE;
  if (facts->end != ECHO_SILENT && same <= ONE_READ_MAX) return MISTAKE_ONE_RECV;
  return facts->end == ECHO_SILENT ? MISTAKE_KEEPS_BACK : MISTAKE_ENDS_EARLY;
}

/* Bytes stand between those that are right. */
static enum mistake judge_inserted(const struct echo_facts *facts, size_t same) {
  size_t rest = least_of(facts->sent_bytes - same, SAME_BYTES);
  const uint8_t *came = facts->came + same;
  size_t came_bytes = facts->came_bytes - same;
  /* At the end of what was waited for there may be less of it than that. */
  for (size_t extra = 1; extra <= 2 && extra < came_bytes; extra++) {
    size_t seen = least_of(rest, came_bytes - extra);
    if (memcmp(came + extra, facts->sent + same, seen) != 0) continue;
    if (extra == 1 && came[0] == '\n') return facts->sent[same] == '\n' ? MISTAKE_DIFFERS : MISTAKE_ADDS_NEWLINE;
    if (extra == 2 && came[0] == '\r' && came[1] == '\n') return MISTAKE_ADDS_NEWLINE;
    if (extra == 1 && came[0] == '\r' && facts->sent[same] == '\n') return MISTAKE_CHANGES_LINE_ENDS;
    if (extra == 1 && came[0] == '\0') return MISTAKE_ADDS_NUL;
  }
  if (same > 0 && facts->is_more_than_sent) return MISTAKE_SENDS_WHOLE_BUFFER;
  return MISTAKE_NONE;
}

/* Words in front of the first message; and of the next one? */
static enum mistake judge_words_before(const struct echo_facts *facts, size_t same) {
  size_t first = facts->first_bytes > 0 ? facts->first_bytes : least_of(facts->sent_bytes, SAME_BYTES);
  size_t at = same < first ? find(facts->came, facts->came_bytes, 1, facts->sent, first) : SIZE_MAX;
  if (at == SIZE_MAX) return MISTAKE_NONE;
  size_t behind = at + first;
  size_t seen = least_of(facts->came_bytes - behind, facts->sent_bytes - first);
  bool is_next_plain = memcmp(facts->came + behind, facts->sent + first, least_of(seen, SAME_BYTES)) == 0;
  return facts->first_bytes > 0 && is_next_plain ? MISTAKE_SPEAKS_FIRST : MISTAKE_ADDS_WORDS_BEFORE;
}

static bool is_same_but_for_case(const struct echo_facts *facts, size_t same) {
  size_t least = least_of(facts->sent_bytes, facts->came_bytes);
  for (size_t i = same; i < least; i++)
    if (tolower(facts->sent[i]) != tolower(facts->came[i])) return false;
  return isalpha(facts->sent[same]);
}

static bool is_same_but_for_high_bit(const struct echo_facts *facts, size_t same) {
  size_t least = least_of(facts->sent_bytes, facts->came_bytes);
  for (size_t i = same; i < least; i++)
    if ((facts->sent[i] & 0x7f) != facts->came[i]) return false;
  return true;
}

/* What comes next stands elsewhere in what was sent. */
static enum mistake judge_moved(const struct echo_facts *facts, size_t same) {
  size_t seen = least_of(facts->came_bytes - same, 2 * SAME_BYTES);
  if (seen < SAME_BYTES || facts->sent_bytes < ONE_READ_MAX) return MISTAKE_NONE;
  size_t at = find(facts->sent, facts->sent_bytes, 0, facts->came + same, seen);
  if (at == SIZE_MAX) return MISTAKE_NONE;
  return at > same ? MISTAKE_SHORT_WRITE : MISTAKE_SENDS_TWICE;
}

/* The blanks at the end of a message are missing, and the next one follows. */
static bool is_stripped(const struct echo_facts *facts, size_t same) {
  size_t end = same;
  while (end < facts->sent_bytes && isspace(facts->sent[end]))
    end++;
  size_t seen = least_of(facts->came_bytes - same, facts->sent_bytes - end);
  return end > same && seen > 0 && memcmp(facts->came + same, facts->sent + end, least_of(seen, SAME_BYTES)) == 0;
}

/* Another byte came than was sent. */
static enum mistake judge_different(const struct echo_facts *facts, size_t same) {
  if (is_stripped(facts, same)) return MISTAKE_STRIPS_LINE_END;
  enum mistake mistake = judge_inserted(facts, same);
  if (mistake != MISTAKE_NONE && mistake != MISTAKE_DIFFERS) return mistake;
  mistake = judge_words_before(facts, same);
  if (mistake != MISTAKE_NONE) return mistake;
  if (is_same_but_for_case(facts, same)) return MISTAKE_CHANGES_LETTERS;
  if (facts->sent[same] >= 128)
    return is_same_but_for_high_bit(facts, same) ? MISTAKE_STRIPS_HIGH_BIT : MISTAKE_TAKES_BYTES_FOR_TEXT;
  if (facts->sent[same] == '\r' && facts->came[same] == '\n') return MISTAKE_CHANGES_LINE_ENDS;
  return judge_moved(facts, same);
}

static void say_came(const struct echo_facts *facts, size_t same, struct finding *out) {
  char quoted[FINDING_BYTES_SIZE], count[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE];
  static const char *const ends[] = {
      [ECHO_ENDED] = ", then the end of the connection",
      [ECHO_RESET] = ", then a reset",
      [ECHO_SILENT] = ", then no more",
      [ECHO_ENOUGH] = "",
  };
  const char *end = facts->is_datagram ? "" : ends[facts->end];
  if (facts->came_bytes == 0)
    finding_say_came(out, "nothing%s", facts->end == ECHO_SILENT ? "" : end);
  else if (same == facts->came_bytes)
    finding_say_came(out, "%s of %s B%s", units_format_count(same, count), units_format_count(facts->sent_bytes, all),
                     end);
  else if (same == 0)
    finding_say_came(out, "%s", finding_quote(facts->came, facts->came_bytes, quoted));
  else
    finding_say_came(out, "%s B as they were sent, then %s%s", units_format_count(same, count),
                     finding_quote(facts->came + same, facts->came_bytes - same, quoted),
                     same == facts->sent_bytes ? ", which nobody had sent" : "");
}

/* A datagram's echo has an end of its own. */
static enum mistake judge_longer(const struct echo_facts *facts) {
  const uint8_t *extra = facts->came + facts->sent_bytes;
  size_t length = facts->came_bytes - facts->sent_bytes;
  if (extra[length - 1] == '\n' && length <= 2) return MISTAKE_ADDS_NEWLINE;
  return length == 1 && extra[0] == '\0' ? MISTAKE_ADDS_NUL : MISTAKE_SENDS_WHOLE_BUFFER;
}

bool findings_compare(const struct echo_facts *facts, struct finding *out) {
  size_t same = common_prefix(facts);
  bool is_longer = facts->is_datagram && facts->came_bytes > facts->sent_bytes;
  if (same == facts->sent_bytes && !is_longer) return true;
  if (same == facts->sent_bytes)
    out->mistake = judge_longer(facts);
  else if (same == facts->came_bytes)
    out->mistake = judge_missing(facts, same);
  else
    out->mistake = judge_different(facts, same);
  if (out->mistake == MISTAKE_NONE) out->mistake = MISTAKE_DIFFERS;
  say_came(facts, same, out);
  return false;
}
