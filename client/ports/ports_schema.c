/* See ports_schema.h; beside report_json.c, peer_text.c, published.c and watch_events.c, which write them. */
#include "client/ports/ports_schema.h"

#include "common/explain/explanation_schema.h"

static const char *const transports[] = {"tcp", "udp", NULL};
static const char *const states[] = {"LISTEN", "BOUND", NULL};
static const char *const owners[] = {"shown", "hidden", "outside", "kernel", "unknown", "gone", NULL};
static const char *const tools[] = {"loping", NULL};

static const struct schema_field peer_fields[] = {
    {"address", SCHEMA_TEXT, "The address that it connected from.", NULL, NULL, NULL},
    {"is_here", SCHEMA_TRUTH, "It is a socket of this machine.", NULL, NULL, NULL},
    {"pid", SCHEMA_WHOLE | SCHEMA_NULL, "Its process; null where that is not to be seen.", NULL, NULL, NULL},
    {"command", SCHEMA_TEXT | SCHEMA_NULL, "The name of its program.", NULL, NULL, NULL},
    {"connections", SCHEMA_WHOLE, "How many connections it has.", NULL, NULL, NULL},
    {"waiting", SCHEMA_WHOLE, "How many of these the server has not accepted yet.", NULL, NULL, NULL},
};

static const struct schema_object connected_peer = {"connected_peer", "Who is connected to a socket.", NULL,
                                                    SCHEMA_FIELDS(peer_fields), NULL};

static const struct schema_field connected_fields[] = {
    {"connections", SCHEMA_WHOLE, "How many connections it has.", NULL, NULL, NULL},
    {"waiting", SCHEMA_WHOLE, "How many of these the server has not accepted yet.", NULL, NULL, NULL},
    {"peers", SCHEMA_LIST | SCHEMA_OBJECT, "Who they are, at most 16.", &connected_peer, NULL, NULL},
    {"connections_left_out", SCHEMA_WHOLE, "Connections of others than these.", NULL, NULL, NULL},
};

static const struct schema_object connected = {"connected", "Of --peers: who is connected to a socket.", NULL,
                                               SCHEMA_FIELDS(connected_fields), NULL};

static const struct schema_field socket_fields[] = {
    {"port", SCHEMA_WHOLE, "The port.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "TCP or UDP.", NULL, transports, NULL},
    {"address", SCHEMA_TEXT, "The address that it is bound to.", NULL, NULL, NULL},
    {"takes_ipv4_too", SCHEMA_TRUTH, "It is bound to :: and takes IPv4 as well.", NULL, NULL, NULL},
    {"state", SCHEMA_TEXT, "Whether it listens, or has the port alone.", NULL, states, NULL},
    {"exposed", SCHEMA_TRUTH, "Other machines can reach it.", NULL, NULL, NULL},
    {"uid", SCHEMA_WHOLE | SCHEMA_NULL, "The number of the user who made the socket.", NULL, NULL, NULL},
    {"user", SCHEMA_TEXT | SCHEMA_NULL, "The name of that user.", NULL, NULL, NULL},
    {"queued", SCHEMA_WHOLE | SCHEMA_NULL, "Connections that wait to be accepted; null where it does not listen.", NULL,
     NULL, NULL},
    {"queue_limit", SCHEMA_WHOLE | SCHEMA_NULL, "How many may wait; null where it is not known.", NULL, NULL, NULL},
    {"owner", SCHEMA_TEXT, "What is known of the processes that have it.", NULL, owners, NULL},
    {"holders", SCHEMA_LIST | SCHEMA_OBJECT, "Those processes.", &explanation_schema_holder, NULL, NULL},
    {"holders_left_out", SCHEMA_WHOLE, "How many more processes have it.", NULL, NULL, NULL},
    {"holders_hidden", SCHEMA_TRUTH, "Permission hid them.", NULL, NULL, NULL},
    {"expected", SCHEMA_TRUTH | SCHEMA_NULL, "Of --expect: the file names it; null without.", NULL, NULL, NULL},
};

static const struct schema_object bound_socket = {"bound_socket", "A socket that has a port.", NULL,
                                                  SCHEMA_FIELDS(socket_fields), NULL};

static const struct schema_field listed_fields[] = {
    {"connected", SCHEMA_OBJECT | SCHEMA_NULL, "Of --peers: who is connected to it; null without.", &connected, NULL,
     NULL},
};

static const struct schema_object listed_socket = {"listed_socket", "A socket of the list.", &bound_socket,
                                                   SCHEMA_FIELDS(listed_fields), NULL};

static const struct schema_field missing_fields[] = {
    {"line", SCHEMA_WHOLE, "The number of its line in the file.", NULL, NULL, NULL},
    {"port", SCHEMA_WHOLE, "The port that it names.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT | SCHEMA_NULL, "The transport that it names; null: either.", NULL, transports, NULL},
    {"process", SCHEMA_TEXT | SCHEMA_NULL, "The program that it names; null: any.", NULL, NULL, NULL},
};

static const struct schema_object missing = {"missing", "A line of the file of --expect that nobody listens for.", NULL,
                                             SCHEMA_FIELDS(missing_fields), NULL};

static const struct schema_field expect_fields[] = {
    {"file", SCHEMA_TEXT | SCHEMA_NULL, "The file.", NULL, NULL, NULL},
    {"unexpected", SCHEMA_WHOLE, "How many sockets listen that it does not name.", NULL, NULL, NULL},
    {"missing", SCHEMA_LIST | SCHEMA_OBJECT, "Its lines that nobody listens for.", &missing, NULL, NULL},
};

static const struct schema_object expect = {"expect", "What --expect came to.", NULL, SCHEMA_FIELDS(expect_fields),
                                            NULL};

static const struct schema_field own_address_fields[] = {
    {"address", SCHEMA_TEXT, "The address.", NULL, NULL, NULL},
    {"interface", SCHEMA_TEXT | SCHEMA_NULL, "The network interface that has it.", NULL, NULL, NULL},
};

static const struct schema_object own_address = {"own_address", "An address of this machine.", NULL,
                                                 SCHEMA_FIELDS(own_address_fields), NULL};

static const struct schema_field two_servers_fields[] = {
    {"port", SCHEMA_WHOLE, "The port.", NULL, NULL, NULL},
    {"sentence", SCHEMA_TEXT, "Who has it where.", NULL, NULL, NULL},
};

static const struct schema_object two_servers = {"two_servers",
                                                 "A port that two programs share, one on each address of localhost.",
                                                 NULL, SCHEMA_FIELDS(two_servers_fields), NULL};

static const struct schema_field published_fields[] = {
    {"first_port", SCHEMA_WHOLE, "The first port that the rule takes.", NULL, NULL, NULL},
    {"last_port", SCHEMA_WHOLE, "The last one.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "TCP or UDP.", NULL, transports, NULL},
    {"address", SCHEMA_TEXT | SCHEMA_NULL, "The address that it takes them on; null: every one.", NULL, NULL, NULL},
    {"to_address", SCHEMA_TEXT | SCHEMA_NULL, "Where it sends them; null: to this machine.", NULL, NULL, NULL},
    {"to_port", SCHEMA_WHOLE | SCHEMA_NULL, "To which port; null: the same.", NULL, NULL, NULL},
    {"exposed", SCHEMA_TRUTH, "Other machines' packets meet the rule.", NULL, NULL, NULL},
    {"manager", SCHEMA_TEXT | SCHEMA_NULL, "What made the rule, such as Docker.", NULL, NULL, NULL},
    {"family", SCHEMA_TEXT | SCHEMA_NULL, "The family of its table.", NULL, NULL, NULL},
    {"table", SCHEMA_TEXT | SCHEMA_NULL, "Its table.", NULL, NULL, NULL},
    {"chain", SCHEMA_TEXT | SCHEMA_NULL, "Its chain.", NULL, NULL, NULL},
};

static const struct schema_object published = {"published", "Ports that a rule sends on, and that no socket has.", NULL,
                                               SCHEMA_FIELDS(published_fields), NULL};

static const struct schema_field ports_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"tool", SCHEMA_TEXT, "What wrote it.", NULL, tools, NULL},
    {"version", SCHEMA_TEXT, "The version of loping.", NULL, NULL, NULL},
    {"command_line", SCHEMA_LIST | SCHEMA_TEXT, "The program and its arguments, as they were typed.", NULL, NULL, NULL},
    {"listed_at", SCHEMA_TIME, "When the sockets were looked at.", NULL, NULL, NULL},
    {"own_addresses", SCHEMA_LIST | SCHEMA_OBJECT, "The addresses of this machine.", &own_address, NULL, NULL},
    {"sockets", SCHEMA_LIST | SCHEMA_OBJECT, "The sockets, first those that other machines can reach.", &listed_socket,
     NULL, NULL},
    {"sockets_left_out", SCHEMA_WHOLE, "Sockets beyond 16,384, which were not looked at.", NULL, NULL, NULL},
    {"two_servers", SCHEMA_LIST | SCHEMA_OBJECT, "Ports that two programs share.", &two_servers, NULL, NULL},
    {"published", SCHEMA_LIST | SCHEMA_OBJECT | SCHEMA_NULL,
     "Ports that a rule sends on; null where the rules may not be seen.", &published, NULL, NULL},
    {"docker_passes_ufw", SCHEMA_TRUTH | SCHEMA_NULL,
     "Docker's rules are asked before those of ufw; null where the rules may not be seen.", NULL, NULL, NULL},
    {"expect", SCHEMA_OBJECT | SCHEMA_NULL, "What --expect came to; null without.", &expect, NULL, NULL},
    {"error", SCHEMA_NULL, "Always null.", NULL, NULL, NULL},
};

const struct schema_object ports_schema = {"ports", "What loping ports writes.", NULL, SCHEMA_FIELDS(ports_fields),
                                           NULL};

static const char *const began_names[] = {"began", NULL};
static const char *const change_names[] = {"new", "gone", "unexpected", NULL};
static const char *const unused_names[] = {"unused", NULL};
static const char *const ended_names[] = {"ended", NULL};

#define EVENT_FIELDS(names)                                                             \
  {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL}, \
      {"event", SCHEMA_TEXT, "The name of the event.", NULL, names, NULL}, {            \
    "at", SCHEMA_TIME, "When it was noticed.", NULL, NULL, NULL                         \
  }

static const struct schema_field began_fields[] = {
    EVENT_FIELDS(began_names),
    {"sockets", SCHEMA_WHOLE, "How many sockets were there.", NULL, NULL, NULL},
    {"expect", SCHEMA_TEXT | SCHEMA_NULL, "The file of --expect; null without.", NULL, NULL, NULL},
};

static const struct schema_field change_fields[] = {
    EVENT_FIELDS(change_names),
    {"socket", SCHEMA_OBJECT, "The socket that came, went, or is not expected.", &bound_socket, NULL, NULL},
};

static const struct schema_field unused_fields[] = {
    EVENT_FIELDS(unused_names),
    {"socket", SCHEMA_OBJECT, "The socket that nobody was seen to connect to.", &bound_socket, NULL, NULL},
    {"since", SCHEMA_TIME, "Since when it was watched.", NULL, NULL, NULL},
    {"looks", SCHEMA_WHOLE, "How often it was looked at.", NULL, NULL, NULL},
    {"connections_counted", SCHEMA_WHOLE | SCHEMA_NULL,
     "Connections to all listeners that the kernel counted meanwhile; null where it does not tell.", NULL, NULL, NULL},
    {"connections_missed", SCHEMA_WHOLE | SCHEMA_NULL,
     "Of these, those that were gone before a look: which listener they were for is not known.", NULL, NULL, NULL},
};

static const struct schema_field ended_fields[] = {
    EVENT_FIELDS(ended_names),
    {"looks", SCHEMA_WHOLE, "How often was looked.", NULL, NULL, NULL},
};

const struct schema_object ports_schema_began = {"watch_began", "A line of ports --watch: the first look.", NULL,
                                                 SCHEMA_FIELDS(began_fields), NULL};
const struct schema_object ports_schema_change = {"watch_change",
                                                  "A line of ports --watch: a socket came, went, or is not expected.",
                                                  NULL, SCHEMA_FIELDS(change_fields), NULL};
const struct schema_object ports_schema_unused = {
    "watch_unused", "A line of ports --watch at its end: a listener that nobody was seen to use.", NULL,
    SCHEMA_FIELDS(unused_fields), NULL};
const struct schema_object ports_schema_ended = {"watch_ended", "The last line of ports --watch.", NULL,
                                                 SCHEMA_FIELDS(ended_fields), NULL};
