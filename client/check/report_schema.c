/* See report_schema.h; beside report.c, which writes them. */
#include "client/check/report_schema.h"

#include "client/check/verdict.h"
#include "client/peer/protocol.h"
#include "common/explain/explanation_schema.h"

static const char *verdict_at(size_t index) {
  return index < VERDICTS ? verdict_name((enum verdict)index) : NULL;
}

/* The first is none. */
static const char *protocol_at(size_t index) {
  return index + 1 < PROTOCOLS ? protocol_name((enum protocol)(index + 1)) : NULL;
}

static const struct schema_field checked_fields[] = {
    {"port", SCHEMA_WHOLE | SCHEMA_NULL, "The port; null for a unix socket.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "What it was asked over.", NULL, explanation_schema_transports, NULL},
    {"address", SCHEMA_TEXT | SCHEMA_NULL, "The address; null for a unix socket.", NULL, NULL, NULL},
    {"verdict", SCHEMA_TEXT, "What is the matter, in one word; loping(1) says what each means.", NULL, NULL,
     verdict_at},
    {"sentence", SCHEMA_TEXT, "The verdict as a sentence.", NULL, NULL, NULL},
    {"evidence", SCHEMA_LIST | SCHEMA_TEXT, "What it was concluded from, a sentence each.", NULL, NULL, NULL},
    {"what_to_do", SCHEMA_LIST | SCHEMA_TEXT, "What to do, a step each.", NULL, NULL, NULL},
    {"holders", SCHEMA_LIST | SCHEMA_OBJECT, "Who has the port.", &explanation_schema_holder, NULL, NULL},
    {"holders_hidden", SCHEMA_TRUTH, "Permission hid some of them.", NULL, NULL, NULL},
    {"protocol", SCHEMA_TEXT | SCHEMA_NULL, "What the server speaks, where that is known.", NULL, NULL, protocol_at},
    {"product", SCHEMA_TEXT | SCHEMA_NULL, "What the server says that it is.", NULL, NULL, NULL},
    {"path", SCHEMA_TEXT | SCHEMA_NULL, "The path of a unix socket; null for a port.", NULL, NULL, NULL},
};

const struct schema_object report_schema_checked = {"checked", "One port, and what check says of it.", NULL,
                                                    SCHEMA_FIELDS(checked_fields), NULL};

static const struct schema_field check_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"ports", SCHEMA_LIST | SCHEMA_OBJECT, "The ports, in the order that they were asked for.", &report_schema_checked,
     NULL, NULL},
    {"closed_left_out", SCHEMA_WHOLE, "Of more than 32 ports: how many are closed, and not in the list.", NULL, NULL,
     NULL},
};

const struct schema_object report_schema_check = {"check", "What loping check writes.", NULL,
                                                  SCHEMA_FIELDS(check_fields), NULL};
