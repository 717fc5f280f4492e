/* See explanation_schema.h; beside explain_format.c, which writes them. */
#include "common/explain/explanation_schema.h"

#include "common/explain/explain_text.h"

const char *const explanation_schema_transports[] = {"tcp", "udp", "unix", NULL};

static const char *state_at(size_t index) {
  return index <= SOCKET_STATE_TIME_WAIT ? explain_state_name((enum socket_state)index) : NULL;
}

static const struct schema_field parent_fields[] = {
    {"pid", SCHEMA_WHOLE, "Its process number.", NULL, NULL, NULL},
    {"command", SCHEMA_TEXT | SCHEMA_NULL, "The name of its program.", NULL, NULL, NULL},
    {"command_line", SCHEMA_TEXT | SCHEMA_NULL, "Its program and arguments.", NULL, NULL, NULL},
};

static const struct schema_object parent = {"parent", "A process that started a holder, or one that started that.",
                                            NULL, SCHEMA_FIELDS(parent_fields), NULL};

static const struct schema_field holder_fields[] = {
    {"pid", SCHEMA_WHOLE | SCHEMA_NULL, "The process that has the port; null where permission hides it.", NULL, NULL,
     NULL},
    {"command", SCHEMA_TEXT | SCHEMA_NULL, "The name of its program.", NULL, NULL, NULL},
    {"command_line", SCHEMA_TEXT | SCHEMA_NULL, "Its program and arguments.", NULL, NULL, NULL},
    {"user", SCHEMA_TEXT | SCHEMA_NULL, "The name of its user; of a hidden process, of who made the socket.", NULL,
     NULL, NULL},
    {"uid", SCHEMA_WHOLE | SCHEMA_NULL, "The number of that user.", NULL, NULL, NULL},
    {"state", SCHEMA_TEXT, "What the socket does.", NULL, NULL, state_at},
    {"address", SCHEMA_TEXT | SCHEMA_NULL, "Where it is bound: address and port, or the path of a unix socket.", NULL,
     NULL, NULL},
    {"since", SCHEMA_TIME | SCHEMA_NULL, "When the process began.", NULL, NULL, NULL},
    {"parents", SCHEMA_LIST | SCHEMA_OBJECT | SCHEMA_NULL, "Who started it, from the nearest on.", &parent, NULL, NULL},
    {"unit", SCHEMA_TEXT | SCHEMA_NULL, "The systemd unit that it belongs to.", NULL, NULL, NULL},
    {"container", SCHEMA_TEXT | SCHEMA_NULL, "The container that it runs in.", NULL, NULL, NULL},
    {"cwd", SCHEMA_TEXT | SCHEMA_NULL, "Its working folder.", NULL, NULL, NULL},
    {"project", SCHEMA_TEXT | SCHEMA_NULL, "The project that the folder belongs to.", NULL, NULL, NULL},
    {"terminal", SCHEMA_TEXT | SCHEMA_NULL, "The terminal that it was started from.", NULL, NULL, NULL},
    {"restarted_by", SCHEMA_TEXT | SCHEMA_NULL, "Who would start it again, were it stopped.", NULL, NULL, NULL},
    {"stop", SCHEMA_TEXT | SCHEMA_NULL, "The command that stops it for good.", NULL, NULL, NULL},
    {"stop_note", SCHEMA_TEXT | SCHEMA_NULL, "What to know before that command.", NULL, NULL, NULL},
    {"program_deleted", SCHEMA_TRUTH | SCHEMA_NULL, "Its program's file was removed or replaced since it began.", NULL,
     NULL, NULL},
};

const struct schema_object explanation_schema_holder = {
    "holder", "A process that has a port, and where it came from. What is unknown, or is not there, is null.", NULL,
    SCHEMA_FIELDS(holder_fields), NULL};

static const struct schema_field error_fields[] = {
    {"code", SCHEMA_TEXT | SCHEMA_NULL, "The error's name, such as ECONNREFUSED.", NULL, NULL, NULL},
    {"what_happened", SCHEMA_TEXT | SCHEMA_NULL, "What could not be done, a sentence.", NULL, NULL, NULL},
    {"likely_cause", SCHEMA_TEXT | SCHEMA_NULL, "Who or what is in the way, one sentence or more.", NULL, NULL, NULL},
    {"what_to_do", SCHEMA_LIST | SCHEMA_TEXT, "What to do, a step each.", NULL, NULL, NULL},
    {"holders", SCHEMA_LIST | SCHEMA_OBJECT, "Who has the port.", &explanation_schema_holder, NULL, NULL},
    {"holders_hidden", SCHEMA_TRUTH, "Permission hid some of them.", NULL, NULL, NULL},
};

const struct schema_object explanation_schema_error = {"error", "Why something failed, and what to do.", NULL,
                                                       SCHEMA_FIELDS(error_fields), NULL};
