/* See wait_schema.h; beside wait_report.c, which writes them. */
#include "client/wait/wait_schema.h"

#include "client/check/report_schema.h"
#include "common/explain/explanation_schema.h"

static const char *const goals[] = {"answers", "free", "http", NULL};

static const struct schema_field waited_fields[] = {
    {"address", SCHEMA_TEXT | SCHEMA_NULL, "The address; null for a unix socket.", NULL, NULL, NULL},
    {"port", SCHEMA_WHOLE | SCHEMA_NULL, "The port; null for a unix socket.", NULL, NULL, NULL},
    {"path", SCHEMA_TEXT | SCHEMA_NULL, "The path of a unix socket; null for a port.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "What it was waited for over.", NULL, explanation_schema_transports, NULL},
    {"until", SCHEMA_TEXT, "What was waited for: an answer, that it is free, an HTTP status.", NULL, goals, NULL},
    {"http_status", SCHEMA_WHOLE | SCHEMA_NULL, "The status of --http; null without it.", NULL, NULL, NULL},
    {"last_http_status", SCHEMA_WHOLE | SCHEMA_NULL, "The status that the server said last.", NULL, NULL, NULL},
    {"is_reached", SCHEMA_TRUTH, "It came.", NULL, NULL, NULL},
    {"after_ns", SCHEMA_WHOLE | SCHEMA_NULL, "After how many nanoseconds; null where it did not come.", NULL, NULL,
     NULL},
    {"connections", SCHEMA_WHOLE, "How many connections were made in all.", NULL, NULL, NULL},
    {"bind_error", SCHEMA_TEXT | SCHEMA_NULL, "Of --free: the name of the error that binding it ended with.", NULL,
     NULL, NULL},
    {"check", SCHEMA_OBJECT | SCHEMA_NULL, "What check says of it; null for what came.", &report_schema_checked, NULL,
     NULL},
};

static const struct schema_object waited = {"waited", "One port that was waited for.", NULL,
                                            SCHEMA_FIELDS(waited_fields), NULL};

static const struct schema_field wait_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"ports", SCHEMA_LIST | SCHEMA_OBJECT, "The ports: first those that came.", &waited, NULL, NULL},
    {"waited_ns", SCHEMA_WHOLE, "How long was waited in all, in nanoseconds.", NULL, NULL, NULL},
    {"looks", SCHEMA_WHOLE, "How often the socket tables were looked at.", NULL, NULL, NULL},
    {"is_interrupted", SCHEMA_TRUTH, "A signal ended the wait.", NULL, NULL, NULL},
};

const struct schema_object wait_schema = {"wait", "What loping wait writes.", NULL, SCHEMA_FIELDS(wait_fields), NULL};
