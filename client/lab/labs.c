/* The table of labs, and what a student's answer is worth. */
#include "client/lab/labs.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_SIZE 64

/* Lessons first, in the order of a course; then one situation for each verdict that a namespace can make. */
const struct lab lab_rows[] = {
    {"first-echo", "send bytes to a server, and time them", "same|the same|unchanged", 0, 0, LAB_LESSON},
    {"ports", "ports, and who has them", "lopong", 0, 0, LAB_LESSON},
    {"address-in-use", "EADDRINUSE, TIME_WAIT and a borrowed port", "client|the client", LAB_NEEDS_IP, 0, LAB_LESSON},
    {"addresses", "127.0.0.1, 0.0.0.0, ::1 and localhost", "0.0.0.0", 0, 0, LAB_LESSON},
    {"latency-throughput", "latency against throughput, and the size of a payload", "throughput", 0, 0, LAB_LESSON},
    {"nagle", "Nagle's algorithm and the delayed acknowledgement", "nodelay|tcp_nodelay", 0, 0, LAB_LESSON},
    {"firewall-drops", "a firewall that drops", "timeout|time-out|etimedout", LAB_NEEDS_NFT, 0, LAB_LESSON},
    {"firewall-rejects", "a firewall that rejects", "rejected|reject", LAB_NEEDS_NFT, 0, LAB_LESSON},
    {"firewall-eats-replies", "a firewall that eats the replies", "output", LAB_NEEDS_NFT | LAB_NEEDS_IP, 0,
     LAB_LESSON},
    {"full-queue", "a full queue of connections", "accept", LAB_NEEDS_IP, 0, LAB_LESSON},
    {"paused-server", "a server that was paused", "cont|sigcont|-cont", 0, 0, LAB_LESSON},
    {"omission", "coordinated omission: a stall that one loop misses", "open|open loop|rate|--rate", 0, 0, LAB_LESSON},
    {"find-the-loss", "find the share that the server drops", NULL, 0, 0, LAB_LESSON_OF_SHARE},
    {"open", "an echo server that answers", NULL, 0, 0, LAB_SITUATION},
    {"answers", "a server of another protocol", NULL, 0, 0, LAB_SITUATION},
    {"accepts", "a server that nobody knows, and that says nothing", NULL, 0, 7777, LAB_SITUATION},
    {"closed", "nobody listens", NULL, 0, 0, LAB_SITUATION},
    {"wrong-address", "a server on another address", NULL, 0, 0, LAB_SITUATION},
    {"queue-full", "the queue of connections is full", NULL, LAB_NEEDS_IP, 0, LAB_SITUATION},
    {"paused", "the server's process is stopped", NULL, 0, 0, LAB_SITUATION},
    {"not-reading", "the server does not read", NULL, 0, 0, LAB_SITUATION},
    {"hung-up", "the server closes at once", NULL, 0, 0, LAB_SITUATION},
    {"not-echo", "the server reads, and says nothing", NULL, 0, 0, LAB_SITUATION},
    {"blocked", "a firewall drops what comes in", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"blocked-out", "a firewall drops what goes out", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"rejected", "a firewall answers in the server's place", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"replies-blocked", "the server's replies are dropped", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"data-blocked", "connections open, their bytes are dropped", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"intermittent", "some connections pass, some do not", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"redirected", "a rule sends the connection elsewhere", NULL, LAB_NEEDS_NFT, 0, LAB_SITUATION},
    {"self-connect", "a connection that meets itself", NULL, 0, 0, LAB_SITUATION},
    {"no-client-ports", "no port is left to connect from", NULL, 0, 0, LAB_SITUATION},
    {"loopback-down", "the loopback interface is down", NULL, LAB_NEEDS_IP, 0, LAB_SITUATION},
    {"route-forbidden", "a routing rule forbids the way", NULL, LAB_NEEDS_IP, 0, LAB_SITUATION},
};

const size_t lab_count = sizeof lab_rows / sizeof lab_rows[0];

const struct lab *lab_find(const char *name) {
  for (size_t i = 0; i < lab_count; i++)
    if (strcmp(lab_rows[i].name, name) == 0) return &lab_rows[i];
  return NULL;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
uint64_t lab_code(const struct lab *lab) {
  uint64_t code = UINT64_C(14695981039346656037);
  for (const char *at = lab->name; *at != '\0'; at++)
    code = (code ^ (unsigned char)*at) * UINT64_C(1099511628211);
  return code;
}

const struct lab *lab_of_code(uint64_t code) {
  for (size_t i = 0; i < lab_count; i++)
    if (lab_code(&lab_rows[i]) == code) return &lab_rows[i];
  return NULL;
}

/* Without the signs and the case in which one types it differently. */
static void simplify(const char *typed, size_t length, char out[ANSWER_SIZE]) {
  size_t used = 0;
  for (size_t i = 0; i < length && used + 1 < ANSWER_SIZE; i++)
    if (strchr(" -_()`'\"", typed[i]) == NULL) out[used++] = (char)tolower((unsigned char)typed[i]);
  out[used] = '\0';
}

static bool is_same(const char *answer, size_t length, const char *typed) {
  char left[ANSWER_SIZE], right[ANSWER_SIZE];
  simplify(answer, length, left);
  simplify(typed, strlen(typed), right);
  return strcmp(left, right) == 0;
}

static bool is_one_of(const char *answers, const char *typed) {
  for (const char *at = answers;; at++) {
    size_t length = strcspn(at, "|");
    if (is_same(at, length, typed)) return true;
    at += length;
    if (*at == '\0') return false;
  }
}

static enum lab_judgement judge_share(double percent, const char *typed) {
  char *end;
  double guess = strtod(typed, &end);
  while (*end == ' ')
    end++;
  if (end == typed || (*end != '\0' && strcmp(end, "%") != 0) || !isfinite(guess)) return LAB_NO_ANSWER;
  return fabs(guess - percent) <= LAB_SHARE_NEAR ? LAB_RIGHT : LAB_WRONG;
}

static bool is_situation(const char *typed) {
  for (size_t i = 0; i < lab_count; i++)
    if (lab_rows[i].kind == LAB_SITUATION && is_one_of(lab_rows[i].name, typed)) return true;
  return false;
}

enum lab_judgement lab_judge(const struct lab *lab, double percent, const char *typed) {
  if (lab->kind == LAB_LESSON_OF_SHARE) return judge_share(percent, typed);
  if (is_one_of(lab->answer != NULL ? lab->answer : lab->name, typed)) return LAB_RIGHT;
  return lab->kind == LAB_LESSON || is_situation(typed) ? LAB_WRONG : LAB_NO_ANSWER;
}
