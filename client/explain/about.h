/*
 * A port, an address or a word in whole sentences, with what this machine knows of it. The facts come in, gathered by
 * the caller; sentences come out as an explanation (common/explain/explanation.h). Pure.
 */
#ifndef LOPING_CLIENT_EXPLAIN_ABOUT_H
#define LOPING_CLIENT_EXPLAIN_ABOUT_H

#include "client/explain/address_kind.h"
#include "client/explain/glossary.h"
#include "client/explain/machine_net.h"
#include "common/explain/explanation.h"

/* What is known of this machine; each part may be unknown. */
struct about_machine {
  struct machine_ports ports;
  enum machine_answer has_reserved; /* machine_reserved_ports() */
  const char *reserved;             /* "8080,9148-9150" */
  uint64_t descriptor_limit;        /* 0: unknown */
  uint32_t queue_limit;             /* 0: unknown */
  enum machine_answer ipv6_off;
  bool sockets_known;                    /* looked into, where a word asks for it */
  size_t local_sockets, exposed_sockets; /* that take requests from this machine alone, and from others as well */
  const char *addresses;                 /* "127.0.0.1 (lo), 10.0.0.5 (eth0)", escaped; "" unknown */
  int64_t now;                           /* seconds since 1970 UTC */
  int64_t own_user_id;
};

struct about_port {
  uint16_t port;
  enum machine_answer has_name[2]; /* machine_service_name(), by enum transport: TCP and UDP */
  char names[2][MACHINE_SERVICE_NAME_SIZE];
  const struct port_report *sockets[2]; /* who has it; NULL: not looked up */
  bool is_bare_number;                  /* it was typed without saying what it is */
};

void explain_about_port(const struct about_port *about, const struct about_machine *machine, struct explanation *out);

/* A server that somebody else tried to start, and the port was taken. */
struct about_taken {
  int code;         /* UV_EADDRINUSE */
  const char *host; /* as it was told; "": none */
  uint16_t port;
  enum transport transport;
  const struct port_report *sockets; /* who has it now; NULL: not looked up */
};

void explain_about_taken(const struct about_taken *about, const struct about_machine *machine, struct explanation *out);

/* An address of loopback with a port, and the questions that are asked of it. */
struct about_place {
  struct sockaddr_storage address;   /* with the port */
  const struct port_report *sockets; /* who has it over TCP; NULL: not looked up */
};

void explain_about_place(const struct about_place *about, const struct about_machine *machine, struct explanation *out);

struct about_address {
  struct sockaddr_storage address;
  const char *interface_name; /* that has it, escaped; NULL: none, or not known */
  bool interfaces_known;
};

void explain_about_address(const struct about_address *about, const struct about_machine *machine,
                           struct explanation *out);

void explain_about_network(const struct address_network *network, struct explanation *out);

/* A name of this machine, such as localhost, and the addresses that it means, in the system's order. */
void explain_about_host(const char *name, const struct sockaddr_storage *addresses, size_t count,
                        struct explanation *out);

void explain_about_word(const struct explain_word *word, enum explain_word_kind kind,
                        const struct about_machine *machine, struct explanation *out);

/* An error code that the tables have no row for: the system's own words. */
void explain_about_code(int code, struct explanation *out);

#endif
