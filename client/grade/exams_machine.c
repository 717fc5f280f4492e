/* The exams of what a server asks of the machine: the port again after a restart, and IPv6. */
#include <string.h>
#include <uv.h>

#include "client/grade/exam_tools.h"

static const char *why_no_process(const struct examiner *examiner) {
  return examiner->is_pid_hidden ? "whose process the server is may not be seen by this user (root sees it)"
                                 : "which process has the port is not known, or several have it";
}

/* Read from the listening socket itself: to end a student's server and start it again is not loping's to do. */
void exam_restart(struct examiner *examiner, struct exam_result *result) {
  bool is_set = false;
  if (examiner->pid <= 0 || examiner->listener_inode == 0) {
    exam_leave_out(result, EXAM_NOT_SEEN, "%s", why_no_process(examiner));
    return;
  }
  int code = process_facts_reuses_address(examiner->pid, examiner->listener_inode, &is_set);
  if (code != 0) {
    exam_leave_out(result, EXAM_NOT_SEEN, "the option of the server's socket cannot be read: %s (%s)%s",
                   uv_strerror(code), uv_err_name(code), code == UV_EPERM || code == UV_EACCES ? "; root may" : "");
    return;
  }
  if (is_set) return;
  struct finding *finding = exam_fail(result, MISTAKE_NO_REUSEADDR);
  finding_say_sent(finding, "nothing: the option was read from a copy of the listening socket");
  finding_say_came(finding, "SO_REUSEADDR is off");
}

static bool make_ipv6_target(const struct examiner *examiner, struct endpoint *target) {
  struct sockaddr_storage address;
  if (examiner->target.address.ss_family != AF_INET) return false;
  if (!address_read_numeric("::1", address_port(&examiner->target.address), &address)) return false;
  *target = examiner->target;
  target->address = address;
  return true;
}

/* The same port of ::1. Of a server that was asked by IPv6 there is nothing more to ask. */
void exam_ipv6(struct examiner *examiner, struct exam_result *result) {
  struct conversation *conversation;
  struct endpoint target;
  if (!make_ipv6_target(examiner, &target)) return;
  int code = conversation_open(&examiner->talks, &target, 0, &conversation);
  if (code == 0) {
    conversation_close(conversation);
    return;
  }
  if (code != UV_ECONNREFUSED && code != UV_ETIMEDOUT) {
    exam_leave_out(result, EXAM_NOT_SEEN, "this machine has no ::1 to ask at: %s (%s)", uv_strerror(code),
                   uv_err_name(code));
    return;
  }
  struct finding *finding = exam_fail(result, MISTAKE_NO_IPV6);
  finding_say_sent(finding, "a connection to port %u of ::1", address_port(&target.address));
  finding_say_came(finding, "%s (%s)", uv_strerror(code), uv_err_name(code));
}
