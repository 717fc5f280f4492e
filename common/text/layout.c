/* Laying out; see layout.h. */
#include "common/text/layout.h"

#include <string.h>

#include "common/text/safe_text.h"
#include "common/text/terminal.h"
#include "common/text/wrap.h"

#define LINE_BYTES 4096

struct page {
  size_t columns;
  bool is_steps; /* in the list under "What to do:" */
  layout_put *put;
  void *owner;
};

/* What our steps begin a command with. */
static const char *const programs[] = {
    "sudo",
    "ss",
    "lsof",
    "kill",
    "ls",
    "ip",
    "nft",
    "iptables",
    "cat",
    "ip6tables",
    "sysctl",
    "systemctl",
    "docker",
    "podman",
    "kubectl",
    "ufw",
    "grep",
    "rm",
    "mkdir",
    "firewall-cmd",
    "ulimit",
    "namei",
    "tailscale",
    "journalctl",
    "getent",
    "usermod",
    "taskset",
    "supervisorctl",
    "pm2",
    "screen",
    "tmux",
    "fail2ban-client",
    "cscli",
    "tc",
    "bpftool",
    "cpupower",
    "nsenter",
    "netstat",
    "launchctl",
    "iptables-legacy",
    "ip6tables-legacy",
    "iptables-save",
    "conntrack",
    "ps",
    "loginctl",
    "machinectl",
    "npm",
    "chmod",
    "chown",
    "export",
    "printf",
    "echo",
    "curl",
    "netsh",
    "tasklist",
    "Stop-Process",
    "wsl",
    "nslookup",
};

/* Whatever a line holds, and whoever made it: all of it leaves through here. */
static void guard(void *owner, const char *text, size_t length) {
  const struct page *page = owner;
  safe_text_pass(text, length, page->put, page->owner);
}

static void write(struct page *page, const char *text, size_t length) {
  guard(page, text, length);
}

static bool begins_with_program(const char *text) {
  size_t length = strcspn(text, " ");
  /* Both of ours. */
  if (length == 6 && strncmp(text, "lop", 3) == 0) return true;
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
    if (strlen(programs[i]) == length && strncmp(programs[i], text, length) == 0) return true;
  return false;
}

/* Where the command begins in a step such as "see it yourself: ss -ltn"; NULL: it has none. */
static const char *command_in(const char *step) {
  for (const char *colon = strstr(step, ": "); colon != NULL; colon = strstr(colon + 1, ": "))
    if (begins_with_program(colon + 2)) return colon + 2;
  return NULL;
}

static size_t hanging_indent(const char *line) {
  size_t margin = strspn(line, " ");
  if (strncmp(line + margin, "- ", 2) == 0) return margin + 2;
  if (margin > 0) return margin;
  return strncmp(line, "note: ", 6) == 0 ? 6 : 2;
}

/* Dress is not counted: "note:" may be bold. */
static size_t hanging_indent_of_dressed(const char *line) {
  char bare[16];
  size_t used = 0;
  for (const char *at = line; *at != '\0' && used + 1 < sizeof bare;) {
    size_t dress = wrap_dress_length(at);
    if (dress == 0) bare[used++] = *at;
    at += dress > 0 ? dress : 1;
  }
  bare[used] = '\0';
  return hanging_indent(bare);
}

static void wrap_line(struct page *page, const char *line) {
  size_t dress;
  while ((dress = wrap_dress_length(line)) > 0) {
    write(page, line, dress);
    line += dress;
  }
  size_t margin = strspn(line, " ");
  struct wrap wrap = {.columns = page->columns,
                      .indent = hanging_indent_of_dressed(line),
                      .column = margin,
                      .put = guard,
                      .owner = page};
  /* A narrow column of text between a wide margin and the edge helps nobody. */
  if (wrap.indent > page->columns / 2) wrap.indent = page->columns / 2;
  write(page, line, margin);
  wrap_write(&wrap, line + margin);
  write(page, "\n", 1);
}

/* Alternatives of one command, "A   or   B", get a line each. */
static void write_commands(struct page *page, const char *commands) {
  static const char separator[] = "   or   ";
  while (commands != NULL) {
    const char *next = strstr(commands, separator);
    write(page, "    ", 4);
    write(page, commands, next != NULL ? (size_t)(next - commands) : strlen(commands));
    write(page, "\n", 1);
    commands = next != NULL ? next + strlen(separator) : NULL;
    if (commands != NULL) write(page, "    or\n", strlen("    or\n"));
  }
}

static void write_step(struct page *page, const char *line) {
  char before[LINE_BYTES];
  const char *command = command_in(line);
  if (command == NULL && begins_with_program(line + strlen("  - "))) {
    write(page, line, strlen(line));
    write(page, "\n", 1);
    return;
  }
  if (command == NULL) {
    wrap_line(page, line);
    return;
  }
  snprintf(before, sizeof before, "%.*s", (int)(command - line - 1), line);
  wrap_line(page, before);
  write_commands(page, command);
}

static void write_line(struct page *page, const char *line) {
  bool is_item = strncmp(line, "  - ", 4) == 0;
  if (strcmp(line, "What to do:") == 0)
    page->is_steps = true;
  else if (!is_item)
    page->is_steps = false;
  if (wrap_columns(line, strlen(line)) <= page->columns) {
    write(page, line, strlen(line));
    write(page, "\n", 1);
  } else if (page->is_steps && is_item) {
    write_step(page, line);
  } else {
    wrap_line(page, line);
  }
}

void layout_text(const char *text, size_t columns, layout_put *put, void *owner) {
  struct page page = {.columns = columns, .put = put, .owner = owner};
  while (*text != '\0') {
    char line[LINE_BYTES];
    size_t length = strcspn(text, "\n"), kept = length < sizeof line ? length : sizeof line - 1;
    memcpy(line, text, kept);
    line[kept] = '\0';
    /* A line beyond our room is no text for people; it is passed on as it is. */
    if (length >= sizeof line) {
      write(&page, text, length);
      write(&page, "\n", 1);
    } else {
      write_line(&page, line);
    }
    text += length + (text[length] == '\n');
  }
}

bool layout_is_for_people(FILE *file) {
  return terminal_columns(fileno(file)) > 0;
}

size_t layout_columns(FILE *file) {
  size_t columns = terminal_columns(fileno(file));
  if (columns == 0) return LAYOUT_COLUMNS_USUAL;
  if (columns < LAYOUT_COLUMNS_MIN) return LAYOUT_COLUMNS_MIN;
  return columns > LAYOUT_COLUMNS_MAX ? LAYOUT_COLUMNS_MAX : columns;
}

void layout_put_stream(void *stream, const char *bytes, size_t length) {
  fwrite(bytes, 1, length, stream);
}

void layout_write(FILE *file, const char *text) {
  layout_text(text, layout_columns(file), layout_put_stream, file);
}

void layout_write_as_is(FILE *file, const char *text) {
  safe_text_pass(text, strlen(text), layout_put_stream, file);
}
