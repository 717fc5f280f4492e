/*
 * What a measurement found, as plain data. Workloads fill it; reports read it; neither knows the other.
 * Every time is in nanoseconds of the monotonic clock.
 */
#ifndef LOPING_CLIENT_RESULT_RESULT_H
#define LOPING_CLIENT_RESULT_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/result/environment.h"
#include "client/stats/histogram.h"
#include "client/stats/percentiles.h"
#include "common/explain/explanation.h"
#include "common/net/address.h"
#include "common/wire/fault_report.h"

#define RESULT_SCHEMA_VERSION 1
#define RESULT_RUNS_MAX       64
#define RESULT_NOTES_MAX      20
#define RESULT_NOTE_SIZE      320
/* A day of one-second slices; a longer run goes on, with its later slices left out and that said in a note. */
#define RESULT_INTERVALS_MAX 86400

struct distribution {
  uint64_t count;
  uint64_t min;
  double mean;
  double stddev;
  uint64_t p50, p90, p99, p99_9, p99_99;
  uint64_t max;
};

/* The parts of a round trip, in their order; drawn in parts.h. */
enum anatomy_part {
  ANATOMY_TO_SERVER_SOCKET, /* the client's send call, until the kernel receives the message for the server */
  ANATOMY_SERVER_WAKEUP,    /* until the server's loop turns to it */
  ANATOMY_SERVER_ASKING,    /* the server asks the kernel for its time: the measuring itself */
  ANATOMY_SERVER_READ,      /* until the read callback */
  ANATOMY_SERVER,           /* until the server's send call */
  ANATOMY_TO_CLIENT_SOCKET,
  ANATOMY_CLIENT_WAKEUP,
  ANATOMY_CLIENT_ASKING,
  ANATOMY_CLIENT_READ,
  ANATOMY_PART_COUNT
};

/* What the parts are of, both ways together. */
enum anatomy_whole {
  ANATOMY_CARRYING,
  ANATOMY_WAKING,
  ANATOMY_ASKING,
  ANATOMY_READING,
  ANATOMY_ANSWERING,
  ANATOMY_WHOLE_COUNT
};

/* Every distribution that a run may have. Its count is 0 where it has not. The rows of their names stand in figures.c.
 */
enum figure {
  FIGURE_RTT,      /* in an open loop, the service time: from the actual send */
  FIGURE_RESPONSE, /* open loop: from the moment that the schedule named */
  FIGURE_THERE,    /* the legs: only where every round trip was stamped */
  FIGURE_SERVER,
  FIGURE_BACK,
  /* Of the stamped round trips: those whose reply the server sent from the CPU that the client received it on, and the
   * others. */
  FIGURE_SAME_CPU,
  FIGURE_OTHER_CPU,
  FIGURE_HANDSHAKE,   /* from just before connect() to the moment the client knows that it is connected */
  FIGURE_TRANSACTION, /* from just before connect() to just after the echo's last byte is read */
  FIGURE_PACING,      /* open loop: actual less scheduled send */
  FIGURE_ANATOMY,     /* and on, by enum anatomy_part */
  FIGURE_WHOLES = FIGURE_ANATOMY + ANATOMY_PART_COUNT, /* and on, by enum anatomy_whole */
  /* Whole send calls. They go on while the other side wakes up, so they are no parts. */
  FIGURE_CLIENT_SEND = FIGURE_WHOLES + ANATOMY_WHOLE_COUNT,
  FIGURE_SERVER_SEND,
  FIGURE_FLOOR, /* --floor: of two bare threads, in the same seconds */
  FIGURE_COUNT
};

enum peer_kind {
  PEER_UNKNOWN,
  PEER_PLAIN_ECHO, /* returns what it gets, and nothing of its own */
  PEER_LOPONG,     /* answered the hello, or stamped a datagram */
};

struct result_workload {
  const char *name;      /* "latency" */
  const char *direction; /* "echo"; NULL where there is none */
  enum transport transport;
  char address[ADDRESS_TEXT_SIZE]; /* without the port; the path of a unix socket */
  uint16_t port;                   /* 0 for a unix socket */
  uint64_t payload_bytes;          /* of a message, frame header included; of throughput, of one write */
  uint64_t connections;
  uint64_t depth; /* 0 where it does not apply */
  bool is_pinned; /* the client stays on CPU `cpu` (--cpu) */
  uint64_t cpu;
  bool keeps_nagle;            /* --no-nodelay */
  uint64_t writes_per_message; /* send calls for each; 0 where there are no messages */
  uint64_t interval_ns;        /* between two pings; 0 elsewhere */
  double rate_per_second;      /* of the open loop's schedule; 0: closed loop */
  uint64_t duration_ns;        /* that was measured, from the end of the warm-up to the last figure */
  bool is_busy_poll;           /* the client never slept */
  bool is_zero_copy;           /* --zero-copy was asked for */
  bool is_sent_by_reference;   /* the client's bytes left without a copy (sendfile) */
  bool is_discarded_unread;    /* who receives them discarded them without reading */
  uint64_t warmup_ns;          /* that was left out before it */
  uint64_t seed;               /* of the pattern that was sent */
};

struct result_peer {
  enum peer_kind kind;
  uint32_t pid; /* 0: unknown */
};

struct result_throughput {
  uint64_t bytes_sent; /* in the measured time */
  uint64_t bytes_received;
  double bits_per_second; /* one direction: what came back */
  double round_trips_per_second;
};

struct result_errors {
  uint64_t lost;       /* messages (UDP) that were never answered */
  uint64_t duplicated; /* answers that came more than once */
  uint64_t reordered;  /* answers that came after one that was sent later (RFC 4737) */
  uint64_t corrupted;  /* echoes that differ from what was sent: messages; of throughput, reads */
  uint64_t timed_out;  /* messages whose answer did not come within --timeout; a late one is then not lost */
  uint64_t connection_failures;
  bool has_first_corrupted;
  uint64_t first_corrupted_offset; /* bytes from the beginning of that connection's stream */
};

/* One second of a run, or what was left of it. */
struct result_interval {
  uint64_t start_ns; /* from the beginning of the measured time */
  uint64_t duration_ns;
  uint64_t round_trips;
  uint64_t bytes_moved; /* that came back; of direction up, that were sent */
  uint64_t rtt_p50_ns;  /* 0 without round trips */
  uint64_t rtt_p99_ns;
  uint64_t rtt_max_ns;
};

/* A 95 % interval. */
struct result_bounds {
  bool is_known;
  double low_ns, high_ns;
};

/* How far percentiles may be trusted; the method is in confidence.h. */
struct result_confidence {
  uint64_t slices; /* full ones, that the intervals come from */
  struct result_bounds p50, p99;
};

/* CPU time used during the run, its warm-up included. A share of 1 is one CPU all the time. */
struct result_cpu_use {
  bool is_known;
  uint64_t elapsed_ns;
  uint64_t user_ns, system_ns; /* of this client */
  double client_cpus;
  bool has_server;
  double server_cpus;
  uint64_t server_threads; /* of all its threads, as the kernel counts them */
  bool has_machine;
  double steal_percent; /* of the time of all CPUs, that the hypervisor gave to others */
  bool has_other;
  double other_cpus; /* of programs other than client and server */
};

struct result_anatomy {
  bool is_known;
  uint64_t clock_error_ns; /* the kernel's times are right within so much */
  uint64_t left_out;       /* round trips whose moments were missing or not in order */
};

/* Direction up: what the server itself counted, warm-up included. */
struct result_server_count {
  bool is_known;
  uint64_t server_bytes;
  uint64_t client_bytes; /* all that was sent, warm-up included */
  double bits_per_second;
};

struct result_percentile {
  double percent;
  uint64_t rtt_ns;
  uint64_t response_ns;
};

/* The same payload between two bare threads, in the same seconds (--floor). */
struct result_floor {
  bool is_known;
  double ratio_p50;        /* the run's p50 by the floor's */
  uint64_t turns, turn_ns; /* how often it was measured, and for how long each time */
  double same_cpu_percent; /* of its round trips, those in which both threads shared a CPU */
};

/* What the server did wrong on purpose (lopong --fault), warm-up included: by its own count, and by ours. */
struct result_faults {
  bool is_on;      /* the server said so */
  bool is_counted; /* it said before the run and after it what it had done; otherwise the counts are not known */
  bool is_asked[WIRE_FAULT_COUNT]; /* by --fault */
  struct wire_fault_report injected;
  bool can_see[WIRE_FAULT_COUNT];
  struct wire_fault_count seen[WIRE_FAULT_COUNT]; /* held_ns: the round trips of those that were held, in all */
};

/* The longest time in which nothing came (of direction up: left), for the notes. */
struct result_silence {
  uint64_t start_ns; /* from the beginning of the measured time */
  uint64_t duration_ns;
};

struct result_run {
  struct result_workload workload;
  struct result_peer peer;
  bool is_measured;    /* false when it failed before anything could be counted */
  bool is_interrupted; /* Ctrl-C came before the end */
  struct distribution figures[FIGURE_COUNT];
  struct histogram *rtt_histogram; /* owned; NULL without round trips */
  /* --percentiles, in the order that they were asked for; of the response time as well, in an open loop. */
  size_t percentile_count;
  struct result_percentile percentiles[PERCENTILES_MAX];
  struct result_confidence confidence;
  struct result_cpu_use cpu_use;
  struct histogram *response_histogram; /* owned; NULL without */
  bool has_achieved;
  double achieved_per_second; /* open loop: messages that were really sent a second */
  uint64_t source_addresses;  /* connect: of 127.0.0.0/8 that the connections came from; 0: just the usual one */
  struct result_server_count server_count;
  struct result_anatomy anatomy;
  struct result_floor floor;
  struct result_silence silence;
  bool has_throughput;
  struct result_throughput throughput;
  struct result_errors errors;
  struct result_faults faults;
  size_t interval_count;
  struct result_interval *intervals; /* owned */
  size_t note_count;
  char notes[RESULT_NOTES_MAX][RESULT_NOTE_SIZE];
  const char *note_formats[RESULT_NOTES_MAX]; /* notes of one format say the same, maybe with other figures */
};

/* Everything that one call of loping found. */
struct result {
  int argument_count; /* the command line, as it was typed */
  char *const *arguments;
  int64_t started_at; /* seconds since 1970 UTC */
  struct environment environment;
  size_t run_count;
  struct result_run runs[RESULT_RUNS_MAX];
  bool has_failed;
  struct explanation failure;
  struct port_report *sockets; /* what was found on the target's port when it failed; owned, may be NULL */
};

void result_run_init(struct result_run *run);
/* Frees what the run owns, not the run itself. */
void result_run_clear(struct result_run *run);

/* Frees all that the result owns. */
void result_clear(struct result *result);

/* Appends one slice; false when RESULT_INTERVALS_MAX are there or memory ran out. */
bool result_run_add_interval(struct result_run *run, const struct result_interval *interval);

/* Appends a sentence as printf() does; silently left out beyond RESULT_NOTES_MAX. `format` must outlive the run. */
void result_run_add_note(struct result_run *run, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

/* Reads the percentiles of the list off the run's histograms. */
void result_run_add_percentiles(struct result_run *run, const struct percentile_list *list);

/* All figures of a histogram. */
void distribution_of(const struct histogram *histogram, struct distribution *out);

/* Was that distribution measured in this run? */
bool result_has(const struct result_run *run, enum figure figure);

/* True when there is something to report: a figure or an error, and not only a run that failed at its beginning. */
bool result_has_figures(const struct result_run *run);

/* True when a message was lost, doubled or corrupted: the answer to "is this echo sound?" is no. */
bool result_has_bad_data(const struct result_run *run);

#endif
