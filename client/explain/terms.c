/* The terms of the reports and of networking, in words for a first-year student. */
#include "client/explain/glossary.h"

static const struct explain_word words[] = {
    /* Measuring. */
    {"rtt",
     "|round trip|round-trip|round trip time|round-trip time|",
     0,
     0,
     "round trip time",
     "How long a message and its answer take: from just before the client's send call to just after the last byte of "
     "the "
     "answer was read, by one clock. Half of it is no measured one-way time, since the two ways may differ.",
     {"measure it: loping latency"}},
    {"latency",
     NULL,
     0,
     0,
     "how long one thing takes",
     "The time from asking to having the answer. A loopback round trip takes microseconds, and most of it is the "
     "waking "
     "of two processes. It is no speed in bytes: see throughput.",
     {"measure it: loping latency"}},
    {"throughput",
     "|bandwidth|",
     0,
     0,
     "how much passes in a second",
     "Bits or bytes in a second, while as much as possible is sent. loping counts one direction: what came back. High "
     "throughput says nothing about latency: a full queue makes both large.",
     {"measure it: loping throughput"}},
    {"p50",
     "|median|",
     0,
     0,
     "the median",
     "Half of the round trips took no longer. Unlike the mean it does not move when a few take very long.",
     {NULL}},
    {"p99",
     "|p90|p99.9|p99.99|percentile|percentiles|tail|tail latency|",
     0,
     0,
     "a percentile",
     "99 of 100 round trips took no longer than this, and one did. A page that needs 100 answers waits for the slowest "
     "of "
     "them, so users feel p99 more than the median. p99.9 needs thousands of round trips to mean anything.",
     {NULL}},
    {"mean",
     "|average|",
     0,
     0,
     "the sum divided by the count",
     "It mixes the usual with the rare: a single round trip of 1 s among 1,000 of 20 us makes the mean 1 ms, which "
     "none of "
     "them took. Read it beside p50 and p99.",
     {NULL}},
    {"stddev",
     "|standard deviation|",
     0,
     0,
     "standard deviation",
     "How far the values lie from their mean, as the root of the mean square. Latencies have a long tail, so it is "
     "mostly "
     "the tail that it shows.",
     {NULL}},
    {"jitter",
     NULL,
     0,
     0,
     "how much the latency changes",
     "The spread of latency from one message to the next. The word has several definitions (RFC 3550 has one), so "
     "loping "
     "gives percentiles instead: p99 less p50 says how far the slow ones are from the usual.",
     {NULL}},
    {"histogram",
     NULL,
     0,
     0,
     "how many took how long",
     "Counts of round trips, each by the range of time that it took. loping counts every one with 3 significant "
     "digits, "
     "and reads its percentiles from there.",
     {NULL}},
    {"legs",
     "|there|back|one-way|one way|",
     0,
     0,
     "the parts of a round trip",
     "there: from the client's send call to the server's read. server: until the server's own send call. back: until "
     "the "
     "client's read. lopong stamps each message by the same clock as the client, so these are real one-way times.",
     {NULL}},
    {"warm-up",
     "|warmup|",
     0,
     0,
     "what is not counted at the beginning",
     "The first messages are slower: memory is touched for the first time, the CPU runs slowly, caches are empty. They "
     "are "
     "sent and left out of the figures.",
     {NULL}},
    {"closed-loop",
     "|closed loop|",
     0,
     0,
     "the next request waits for the reply",
     "Each client sends one message (or --depth of them) and the next only when a reply is there. A server that stalls "
     "is "
     "asked less often while it does, so a stall shows as one slow round trip only.",
     {NULL}},
    {"open-loop",
     "|open loop|",
     0,
     0,
     "requests leave on a schedule",
     "Requests leave at fixed times whatever the replies do, as those of many independent users would. Waiting time "
     "counts "
     "from the scheduled moment, so a stall is seen by every request that it held up.",
     {NULL}},
    {"coordinated-omission",
     "|coordinated omission|",
     0,
     0,
     "slow moments that are not counted",
     "A client that waits for the reply sends nothing while the server stalls, and so does not count the requests that "
     "would have suffered. An open loop, which counts from the schedule, has no such hole.",
     {NULL}},
    {"response-time",
     "|response time|service time|service-time|",
     0,
     0,
     "from the schedule, or from the sending",
     "Response time counts from the moment that the schedule named, service time from the actual send. The difference "
     "is "
     "the time that a request waited for its turn.",
     {NULL}},
    {"depth",
     "|in flight|pipelining|queue depth|",
     0,
     0,
     "messages under way at once",
     "How many messages of one connection may be under way before a reply is needed. More depth means more throughput "
     "and "
     "more waiting in queues.",
     {NULL}},
    {"event-driven",
     "|event loop|",
     0,
     0,
     "sleeping until something happens",
     "The program asks the system for all its sockets at once and sleeps until one of them is ready. It costs a "
     "wake-up of "
     "some microseconds for each message, and no CPU while nothing happens.",
     {NULL}},
    {"busy-poll",
     "|busy polling|spinning|",
     0,
     0,
     "asking again and again",
     "The program never sleeps: it asks the socket until there is something. It saves the wake-up and uses a whole "
     "CPU.",
     {NULL}},
    {"echo",
     "|echo server|rfc 862|",
     0,
     0,
     "every byte comes back",
     "A server that returns whatever it gets (RFC 862). The answer can be compared byte for byte with what was sent, "
     "so "
     "that a measurement also proves that the bytes are right.",
     {"start one: lopong"}},
    {"outlier",
     NULL,
     0,
     0,
     "a value far from the others",
     "One round trip that took much longer: the scheduler ran something else, an interrupt came, the machine slept. It "
     "is "
     "a fact and stays in the figures.",
     {NULL}},
    /* Addresses and ports. */
    {"loopback",
     "|lo|loopback interface|",
     0,
     EXPLAIN_FACT_ADDRESSES,
     "this machine talking to itself",
     "An interface that exists in software alone: what is sent to 127.0.0.0/8 or ::1 comes back in on the same "
     "machine, "
     "through the whole network code, and never leaves it. Other machines cannot reach it.",
     {NULL}},
    {"port",
     "|ports|port number|",
     0,
     EXPLAIN_FACT_EPHEMERAL | EXPLAIN_FACT_PRIVILEGED,
     "a number that names one conversation's end on a machine",
     "16 bits, 1 to 65535, in TCP and UDP separately. The address says which machine, the port which program there. A "
     "server waits on a port that its clients know; a client's own port is lent to it by the system.",
     {"ask for one: loping explain 62893"}},
    {"ephemeral-port",
     "|ephemeral|ephemeral ports|ephemeral port|dynamic port|",
     0,
     EXPLAIN_FACT_EPHEMERAL,
     "a port that is lent to an outgoing connection",
     "Who connects without naming a port of its own is lent one for the time of the connection. A server that listens "
     "in "
     "that range can find its port taken.",
     {NULL}},
    {"privileged-port",
     "|privileged port|well-known port|system port|",
     0,
     EXPLAIN_FACT_PRIVILEGED,
     "a low port that needs a privilege",
     "Only root, or a program with CAP_NET_BIND_SERVICE, may listen on the low ports, so that an ordinary user cannot "
     "pose "
     "as the mail or web server of a machine.",
     {NULL}},
    {"address",
     "|ip address|ip|",
     0,
     EXPLAIN_FACT_ADDRESSES,
     "the number of an interface of a machine",
     "32 bits in IPv4 (127.0.0.1), 128 in IPv6 (::1). A machine has one for each interface at least, loopback "
     "included.",
     {"ask for one: loping explain 127.0.0.1"}},
    {"ipv4",
     NULL,
     0,
     EXPLAIN_FACT_ADDRESSES,
     "the internet protocol with 32-bit addresses",
     "Addresses such as 127.0.0.1. A socket for IPv4 alone is not reached by who uses ::1.",
     {NULL}},
    {"ipv6",
     NULL,
     0,
     EXPLAIN_FACT_IPV6 | EXPLAIN_FACT_ADDRESSES,
     "the internet protocol with 128-bit addresses",
     "Addresses such as ::1. A name such as localhost may mean an IPv4 and an IPv6 address; a client tries them in "
     "order.",
     {NULL}},
    {"dual-stack",
     "|dual stack|v6only|",
     0,
     0,
     "one socket for IPv4 and IPv6",
     "A socket on :: takes IPv4 connections too, unless it asks not to (IPV6_V6ONLY). It then shows IPv4 clients as "
     "::ffff:127.0.0.1, and stands in the way of a server that wants 0.0.0.0 with the same port.",
     {NULL}},
    {"firewall",
     "|nftables|nft|iptables|",
     0,
     0,
     "rules that let packets pass or not",
     "A list of rules in the kernel. drop throws a packet away in silence (the client waits: ETIMEDOUT), reject "
     "answers "
     "with a refusal (ECONNREFUSED or EHOSTUNREACH). Rules apply to loopback as well.",
     {"see whether one blocks a port: loping check PORT", "see the rules: sudo nft list ruleset"}},
    /* Sockets and their states. */
    {"socket",
     "|sockets|",
     0,
     EXPLAIN_FACT_DESCRIPTORS,
     "a program's end of a conversation",
     "A program asks the system for a socket and uses it like a file. A listening socket waits for connections; every "
     "connection is a socket of its own, told apart by both addresses and both ports.",
     {"see the listening ones: loping ports"}},
    {"tcp",
     NULL,
     0,
     0,
     "a stream of bytes, complete and in order",
     "The two ends first agree on a connection (a handshake of three packets). What is lost is sent again, so bytes "
     "arrive "
     "complete and in order, or the connection breaks. It keeps no borders between messages.",
     {NULL}},
    {"udp",
     "|datagram|datagrams|",
     0,
     0,
     "single messages without a connection",
     "Each datagram travels alone: it may get lost, come twice or overtake another, also on loopback when a buffer is "
     "full. Nothing is resent, and nobody has to accept anything.",
     {NULL}},
    {"unix-socket",
     "|unix|unix socket|unix domain socket|",
     0,
     0,
     "a socket with a file's name",
     "A connection within one machine whose address is a path. It goes round the IP code, so no firewall, no port and "
     "no "
     "address is involved; the file's mode says who may connect.",
     {"measure one: lopong --unix /tmp/x & loping unix:/tmp/x"}},
    {"LISTEN",
     "|listening|listener|",
     0,
     0,
     "waiting for connections",
     "The state of a TCP socket after listen(): the kernel makes the handshakes, and finished connections wait in its "
     "queue to be accepted.",
     {"see all: loping ports"}},
    {"ESTABLISHED", "|estab|", 0, 0, "a connection that stands", "Both ends have agreed, and bytes can pass.", {NULL}},
    {"BOUND",
     "|bind|",
     0,
     0,
     "has a port and does not listen",
     "A program called bind() and not (yet) listen(). The port is taken, and connections to it are refused. Most tools "
     "do "
     "not show it.",
     {"see them: loping ports"}},
    {"TIME_WAIT",
     "|timewait|",
     0,
     EXPLAIN_FACT_EPHEMERAL,
     "a connection that has ended and is remembered",
     "Who closes a TCP connection first remembers it for a while (60 s on Linux), so that late packets are not taken "
     "for "
     "those of a new connection with the same ports. No process holds it, and nothing can be killed. A server that "
     "sets "
     "SO_REUSEADDR may listen again at once.",
     {"see them: ss -tan state time-wait"}},
    {"CLOSE_WAIT",
     NULL,
     0,
     EXPLAIN_FACT_DESCRIPTORS,
     "the other end has closed, this program has not",
     "The peer said that it is done, and the program on this side has not called close(). Many of them mean that the "
     "program forgets to: its descriptors run out in the end.",
     {"see whose they are: ss -tanp state close-wait"}},
    {"FIN_WAIT",
     "|fin_wait1|fin_wait2|",
     0,
     0,
     "closed here, not yet there",
     "This end has said that it sends no more, and waits for the other end to say the same.",
     {NULL}},
    {"SYN_SENT",
     "|syn|handshake|syn_recv|",
     0,
     0,
     "asking for a connection",
     "A TCP connection begins with three packets: SYN, SYN-ACK, ACK. In SYN_SENT the first has left and no answer is "
     "there; it is repeated after 1 s, 2 s, 4 s and so on.",
     {NULL}},
    {"backlog",
     "|accept queue|listen queue|queue|",
     0,
     EXPLAIN_FACT_QUEUE,
     "connections that wait to be accepted",
     "The kernel makes connections for a listening socket and keeps them in a queue until the program calls accept(). "
     "listen() says how many may wait; when it is full, new ones are dropped and the client sees a silence.",
     {"see it: ss -ltn (Recv-Q waits, Send-Q may wait)"}},
    {"file-descriptor",
     "|descriptor|descriptors|file descriptor|fd|",
     0,
     EXPLAIN_FACT_DESCRIPTORS,
     "a process's number for an open file or socket",
     "Every socket and open file of a process has one. There is a limit for each process.",
     {NULL}},
    {"SO_REUSEADDR",
     "|reuseaddr|",
     0,
     0,
     "take the port although old connections remain",
     "A server with this option may bind a port while connections of its predecessor are still remembered (TIME_WAIT). "
     "It "
     "does not help against another socket that listens there.",
     {NULL}},
    {"SO_REUSEPORT",
     "|reuseport|",
     0,
     0,
     "several sockets share a port",
     "When all of them set it and belong to one user, several sockets may listen on one address and port; the kernel "
     "spreads the connections among them.",
     {NULL}},
    {"nagle",
     "|tcp_nodelay|nodelay|",
     0,
     0,
     "waiting to send small packets together",
     "Nagle's algorithm (RFC 896) holds a small packet back while an earlier one is not yet acknowledged. It saves "
     "packets "
     "and costs latency; TCP_NODELAY switches it off, as both programs here do.",
     {NULL}},
    {"process",
     "|pid|holder|",
     0,
     0,
     "a running program",
     "Each has a number, its pid. The holder of a port is the process that has its socket open; several may share one, "
     "and "
     "the port is free when all of them have closed it.",
     {"see the holders: loping ports"}},
};

const struct explain_word_table explain_word_terms = {"terms", words, sizeof words / sizeof words[0]};
