/* The first 16 bytes on a connection: which peer answers so, judged at every length that can arrive. */
#include "client/peer/greeting.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static enum greeting_answer judge(enum greeting greeting, const uint8_t *answer, size_t length,
                                  struct wire_welcome *welcome) {
  uint8_t sent[GREETING_BYTES];
  greeting_write(greeting, 64, false, sent);
  return greeting_judge(sent, guard_page_place(answer, length), length, welcome);
}

static void the_hello_asks_for_a_stamped_session(void **state) {
  (void)state;
  uint8_t sent[GREETING_BYTES];
  struct wire_hello hello;
  greeting_write(GREETING_HELLO, 1024, false, sent);
  assert_true(wire_get_hello(sent, sizeof(sent), &hello));
  assert_int_equal(hello.mode, WIRE_MODE_STAMPED);
  assert_int_equal(hello.frame_bytes, 1024);
}

static void the_probe_asks_for_faults_and_ends_a_line(void **state) {
  (void)state;
  uint8_t sent[GREETING_BYTES];
  struct wire_hello hello;
  greeting_write(GREETING_PROBE, 64, false, sent);
  assert_true(wire_get_hello(sent, sizeof(sent), &hello));
  assert_int_equal(hello.mode, WIRE_MODE_FAULTS);
  assert_int_equal(hello.flags, WIRE_HELLO_FLAG_BRIEF);
  assert_memory_equal(sent + GREETING_BYTES - 4, "\r\n\r\n", 4);
}

static void the_greeting_itself_means_an_echo_server(void **state) {
  (void)state;
  static const enum greeting greetings[] = {GREETING_HELLO, GREETING_PROBE};
  for (size_t i = 0; i < COUNT_OF(greetings); i++) {
    uint8_t sent[GREETING_BYTES];
    struct wire_welcome welcome;
    greeting_write(greetings[i], 64, false, sent);
    for (size_t length = 1; length < GREETING_BYTES; length++)
      assert_int_equal(judge(greetings[i], sent, length, &welcome), GREETING_ANSWER_PARTIAL);
    assert_int_equal(judge(greetings[i], sent, GREETING_BYTES, &welcome), GREETING_ANSWER_ECHO);
  }
}

static void a_welcome_means_lopong_and_names_its_pid(void **state) {
  (void)state;
  uint8_t answer[GREETING_BYTES];
  struct wire_welcome welcome = {.pid = 0};
  wire_put_welcome(&(struct wire_welcome){.mode = WIRE_MODE_STAMPED, .pid = 4711}, answer);
  for (size_t length = 1; length < GREETING_BYTES; length++)
    assert_int_equal(judge(GREETING_HELLO, answer, length, &welcome), GREETING_ANSWER_PARTIAL);
  assert_int_equal(judge(GREETING_HELLO, answer, GREETING_BYTES, &welcome), GREETING_ANSWER_LOPONG);
  assert_int_equal(welcome.pid, 4711);
}

static void a_welcome_to_another_mode_or_to_a_probe_is_no_lopong(void **state) {
  (void)state;
  uint8_t answer[GREETING_BYTES];
  struct wire_welcome welcome;
  wire_put_welcome(&(struct wire_welcome){.mode = WIRE_MODE_SINK, .pid = 4711}, answer);
  assert_int_equal(judge(GREETING_HELLO, answer, GREETING_BYTES, &welcome), GREETING_ANSWER_OTHER);
  wire_put_welcome(&(struct wire_welcome){.mode = WIRE_MODE_STAMPED, .pid = 4711}, answer);
  assert_int_equal(judge(GREETING_PROBE, answer, GREETING_BYTES, &welcome), GREETING_ANSWER_OTHER);
}

/* A wrong byte is known as soon as it arrives: nobody waits for the rest. */
static void a_wrong_byte_means_no_echo_server_at_once(void **state) {
  (void)state;
  for (size_t wrong = 0; wrong < GREETING_BYTES; wrong++) {
    uint8_t answer[GREETING_BYTES];
    struct wire_welcome welcome;
    greeting_write(GREETING_HELLO, 64, false, answer);
    answer[wrong] ^= 0x20;
    assert_int_equal(judge(GREETING_HELLO, answer, wrong + 1, &welcome), GREETING_ANSWER_OTHER);
    assert_int_equal(judge(GREETING_HELLO, answer, GREETING_BYTES, &welcome), GREETING_ANSWER_OTHER);
  }
}

static void other_protocols_are_not_taken_for_an_echo(void **state) {
  (void)state;
  static const char *const answers[] = {"HTTP/1.1 400 Bad", "SSH-2.0-OpenSSH_", "220 mail.example", "-ERR unknown com",
                                        "\n"};
  for (size_t i = 0; i < COUNT_OF(answers); i++) {
    struct wire_welcome welcome;
    const uint8_t *answer = (const uint8_t *)answers[i];
    assert_int_equal(judge(GREETING_HELLO, answer, strlen(answers[i]), &welcome), GREETING_ANSWER_OTHER);
    assert_int_equal(judge(GREETING_PROBE, answer, strlen(answers[i]), &welcome), GREETING_ANSWER_OTHER);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hello_asks_for_a_stamped_session),
      cmocka_unit_test(the_probe_asks_for_faults_and_ends_a_line),
      cmocka_unit_test(the_greeting_itself_means_an_echo_server),
      cmocka_unit_test(a_welcome_means_lopong_and_names_its_pid),
      cmocka_unit_test(a_welcome_to_another_mode_or_to_a_probe_is_no_lopong),
      cmocka_unit_test(a_wrong_byte_means_no_echo_server_at_once),
      cmocka_unit_test(other_protocols_are_not_taken_for_an_echo),
  };
  return cmocka_run_group_tests_name("greeting", tests, NULL, NULL);
}
