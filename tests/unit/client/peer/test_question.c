/* Who is asked what: programs before ports, and nobody by mere trying. */
#include "client/peer/question.h"

#include <stdio.h>

#include "tests/unit/unit_test.h"

static const struct {
  const char *command, *command_line;
  uint16_t port;
  bool is_udp;
  enum question wanted;
  bool is_guess;
} cases[] = {
    {"lopong", "build/lopong --port 7000", 7000, false, QUESTION_HELLO, false},
    {"postgres", "/usr/lib/postgresql/15/bin/postgres -D data", 5433, false, QUESTION_POSTGRESQL, false},
    {"redis-server", "redis-server *:6379", 6379, false, QUESTION_REDIS, false},
    {"memcached", "memcached -l ::1", 11212, false, QUESTION_MEMCACHED, false},
    {"nginx", "nginx: master process", 8081, false, QUESTION_HTTP, false},
    {"nginx", "nginx: master process", 443, false, QUESTION_TLS, false},
    {"node", "node app.js", 3000, false, QUESTION_HTTP, true},
    {"MainThread", "/usr/bin/node app.js", 3000, false, QUESTION_HTTP, true},
    {"python3", "/usr/bin/python3 -m http.server", 6443, false, QUESTION_TLS, true},
    {"python3.11", "python3.11 x.py", 5432, false, QUESTION_HTTP, true},
    {"java", "java -jar x.jar", 9000, false, QUESTION_HTTP, true},
    {"sshd", "sshd: /usr/sbin/sshd -D [listener]", 8080, false, QUESTION_NONE, false},
    {"mariadbd", "/usr/sbin/mariadbd", 3306, false, QUESTION_NONE, false},
    {"xinetd", "/usr/sbin/xinetd", 7, false, QUESTION_ECHO, false},
    {"xinetd", "/usr/sbin/xinetd", 23, false, QUESTION_NONE, false},
    {"socat", "socat TCP-LISTEN:6003 EXEC:cat", 6003, false, QUESTION_ECHO, false},
    {"socat", "socat TCP-LISTEN:6003,fork TCP:127.0.0.1:1", 6003, false, QUESTION_NONE, false},
    {"my-echo-server", "./my-echo-server", 4000, false, QUESTION_ECHO, false},
    {"myhttpd", "./myhttpd", 4000, false, QUESTION_HTTP, false},
    {"controller", "./controller", 4000, false, QUESTION_NONE, false},
    {"controller", "./controller", 8080, false, QUESTION_HTTP, false},
    {"", "", 5432, false, QUESTION_POSTGRESQL, false},
    {"", "", 62893, false, QUESTION_HELLO, false},
    {"", "", 4000, false, QUESTION_NONE, false},
    {"dnsmasq", "dnsmasq -k", 53, true, QUESTION_DNS, false},
    {"dnsmasq", "dnsmasq -k", 53, false, QUESTION_DNS, false},
    {"named", "named -g", 8053, false, QUESTION_NONE, false},
    {"python3", "python3 x.py", 4000, true, QUESTION_ECHO, true},
    {"rsyslogd", "/usr/sbin/rsyslogd", 514, true, QUESTION_NONE, false},
    {"lopong", "lopong", 7000, true, QUESTION_HELLO, false},
    {"postgres", "postgres", 5432, true, QUESTION_NONE, false},
};

static void each_is_asked_what_it_is_known_to_want(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct question_clues clues = {cases[i].is_udp, cases[i].port, cases[i].command, cases[i].command_line, NULL};
    struct question_choice choice = question_choose(&clues);
    if (choice.question != cases[i].wanted || choice.is_guess != cases[i].is_guess)
      fail_msg("%s on %u: wanted %d, got %d%s", cases[i].command, cases[i].port, cases[i].wanted, choice.question,
               choice.is_guess ? " by a guess" : "");
  }
}

static void who_speaks_first_is_waited_for(void **state) {
  (void)state;
  struct question_clues at_path = {.command = "", .command_line = "", .path = "/run/postgresql/.s.PGSQL.5432"};
  assert_int_equal(question_choose(&at_path).question, QUESTION_POSTGRESQL);
  at_path.path = "/run/mysqld/mysqld.sock";
  assert_true(question_choose(&at_path).speaks_first);
  at_path.path = "/run/docker.sock";
  at_path.command = "dockerd";
  assert_int_equal(question_choose(&at_path).question, QUESTION_HTTP);
  at_path.path = "docker.sock/other";
  assert_int_equal(question_choose(&at_path).question, QUESTION_NONE);
  at_path.path = "/run/php/php8.2-fpm.sock";
  at_path.command = "php-fpm8.2";
  assert_int_equal(question_choose(&at_path).question, QUESTION_NONE);
  struct question_clues clues = {false, 22, "sshd", "sshd: /usr/sbin/sshd", NULL};
  assert_true(question_choose(&clues).speaks_first);
  clues.command = "controller";
  clues.command_line = "";
  assert_false(question_choose(&clues).speaks_first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_is_asked_what_it_is_known_to_want),
      cmocka_unit_test(who_speaks_first_is_waited_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
