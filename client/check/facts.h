/* What was found out about one port, as plain data for the verdict. Pure: no address, no socket. */
#ifndef LOPING_CLIENT_CHECK_FACTS_H
#define LOPING_CLIENT_CHECK_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/peer/protocol.h"

/* A number that nobody told. */
#define FACT_UNKNOWN (-1)

#define FACTS_FIRST_BYTES 48

/* How the connecting ended. Of UDP: the sending of the first datagram, or an error that came back for it. */
enum probe_outcome {
  PROBE_NOT_TRIED,
  PROBE_CONNECTED,
  PROBE_REFUSED,          /* ECONNREFUSED */
  PROBE_RESET,            /* ECONNRESET before the connection stood */
  PROBE_TIMED_OUT,        /* nothing came */
  PROBE_HOST_UNREACHABLE, /* EHOSTUNREACH */
  PROBE_NET_UNREACHABLE,  /* ENETUNREACH */
  PROBE_FORBIDDEN,        /* EACCES */
  PROBE_NOT_PERMITTED,    /* EPERM */
  PROBE_INVALID,          /* EINVAL */
  PROBE_NO_ADDRESS,       /* EADDRNOTAVAIL */
  PROBE_NO_FILE,          /* unix: ENOENT, ENOTDIR */
  PROBE_QUEUE_FULL,       /* unix: EAGAIN */
  PROBE_OTHER_KIND,       /* unix: EPROTOTYPE: no stream socket */
  PROBE_FAILED,           /* any other error */
};

/* What came once the connection stood, for the question that was sent or unasked. */
enum probe_answer {
  ANSWER_NOT_ASKED,
  ANSWER_ECHO,   /* the same bytes */
  ANSWER_KNOWN,  /* words of a protocol that is known */
  ANSWER_OTHER,  /* other bytes */
  ANSWER_SILENT, /* nothing in time for the question */
  ANSWER_QUIET,  /* nothing was sent, and nothing came */
  ANSWER_END,    /* the other side closed */
  ANSWER_RESET,  /* ECONNRESET, EPIPE */
};

/* One attempt. */
struct probe_facts {
  enum probe_outcome outcome;
  enum probe_answer answer;
  int code;          /* the negative UV_ code of a failure, for the evidence */
  bool is_immediate; /* the call itself failed: no packet was answered */
  bool is_self;      /* both ends are this very socket */
  bool icmp_came;    /* an error packet; its numbers follow */
  uint8_t icmp_type;
  uint8_t icmp_code;
  int repeats;        /* packets that TCP sent again, or FACT_UNKNOWN */
  int unacknowledged; /* bytes that the other side has not acknowledged, or FACT_UNKNOWN */
  uint64_t connect_ns;
  enum question question; /* that was sent */
  size_t sent_bytes;      /* of the question; 0: nothing was sent */
  struct protocol_facts protocol;
  char first_bytes[FACTS_FIRST_BYTES];
  size_t first_bytes_length;
};

/* By how much the counters grew while the port was probed, or FACT_UNKNOWN: the system does not tell, or other ports
 * were probed at the same time, so that a growth could be theirs. */
struct counter_facts {
  int64_t resets_sent;
  int64_t repeats_failed;
  int64_t listen_overflows;
  int64_t accepts_deferred;
  int64_t udp_received;
  int64_t udp_sent;
  int64_t udp_no_port;
  int64_t udp_buffer_full;
  int64_t ip_out_discarded;
};

/* The server's end of the probe's connection, as the socket tables show it. */
struct server_half_facts {
  bool is_found;
  bool is_half_open;    /* SYN_RECV: the handshake's last packet did not arrive */
  bool is_accepted;     /* a process has it */
  int64_t listener_pid; /* unix: who called listen(), as the kernel says; 0: not told */
  uint16_t port;        /* another one than the probed port: redirected */
  uint32_t unread_bytes;
  uint32_t unsent_bytes;
};

/* The sockets that could answer for the port. UDP: those that receive there. */
struct listener_facts {
  bool is_known;     /* the tables could be read */
  int code;          /* why they could not, or were not: a negative UV_ code; 0: this system does not tell */
  bool is_here;      /* one takes what comes to the probed address */
  bool is_elsewhere; /* there are only others: another address or another device */
  bool is_on_device; /* one would take it, but is bound to another network interface */
  bool only_bound;   /* TCP: a socket has the port and does not listen */
  bool is_stopped;   /* every process that has it is stopped (SIGSTOP) */
  bool is_hidden;    /* whose it is may not be seen */
  uint32_t queued;   /* connections that wait to be accepted */
  uint32_t queue_limit;
  uint32_t unread_bytes; /* UDP: in the socket's receive buffer */
};

/* The same probe against something whose state is known. */
struct control_facts {
  enum probe_outcome closed_port;  /* a port that nobody listens on: refused where nothing is in the way */
  enum probe_outcome own_listener; /* a listener of this very process on another port */
  /* A listener of this process on the probed port itself, tried when nobody else has it. */
  int own_server_code; /* 0, or why it could not be tried: UV_EADDRINUSE, UV_EACCES, ... */
  struct probe_facts own_server;
  struct server_half_facts own_server_half;
};

enum path_loss {
  LOSS_UNKNOWN,
  LOSS_OUT,   /* what was sent: on its way out */
  LOSS_IN,    /* what was sent: on its way in */
  LOSS_REPLY, /* what came back */
};

/* Where the probe's packets went and what this process may do, as far as it was looked into (trace_rule.h). */
struct path_facts {
  bool is_sent_on;     /* what is sent to the port goes to another address or port */
  enum path_loss loss; /* where a packet of the probe was lost */
  bool has_rule;       /* a traced rule stopped the packet, or answered it */
  bool is_limited;     /* by a rule that lets only so many through in a time */
  bool is_confined;    /* a sandbox of this very process refuses, not the machine */
};

/* What stands at a unix socket's path. */
enum unix_file_state {
  UNIX_FILE_UNKNOWN,
  UNIX_FILE_ABSTRACT, /* it has no file */
  UNIX_FILE_NONE,
  UNIX_FILE_NO_FOLDER,   /* a folder of the path is missing, or is none */
  UNIX_FILE_SHUT_FOLDER, /* this user may not enter it */
  UNIX_FILE_OTHER,       /* no socket */
  UNIX_FILE_SHUT,        /* a socket that this user may not write to */
  UNIX_FILE_SOCKET,
};

enum unix_socket_kind { UNIX_SOCKET_UNKNOWN, UNIX_SOCKET_STREAM, UNIX_SOCKET_DATAGRAM, UNIX_SOCKET_SEQPACKET };

struct unix_facts {
  enum unix_file_state file;
  enum unix_socket_kind kind;
  bool is_file_gone;   /* a socket was bound to the path, and has lost its file */
  bool is_other_space; /* the listener lives in another network namespace, whose sockets are not shown here */
};

struct port_facts {
  bool is_udp;
  bool is_unix;
  bool is_ipv6;
  bool is_shared_time;    /* other ports were probed at the same moment */
  bool loopback_is_there; /* an interface that is up has the address */
  struct probe_facts probe;
  struct counter_facts counters;
  struct listener_facts listener;
  struct server_half_facts server_half;
  struct control_facts controls;
  struct path_facts path;
  struct unix_facts at_path; /* of a unix socket */
  struct probe_facts again;  /* a second look at a server that hung up on the question: first silent, then TLS */
};

#endif
