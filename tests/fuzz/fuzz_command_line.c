/* The command line of lopong. */
#include "server/settings/command_line.h"

#include <string.h>

#include "common/options/default_port.h"
#include "tests/fuzz/words.h"

FUZZ_SEEDS(FUZZ_SEED("--bind\n::1\n-b\n127.0.0.1\n--port\n0"), FUZZ_SEED("--unix\n/tmp/x\n--tcp\n--json"),
           FUZZ_SEED("--unix\n@name\n--port\n1"), FUZZ_SEED("-U\n@"), FUZZ_SEED("--unix\n"), FUZZ_SEED("stray"),
           FUZZ_SEED("--try-ports\n9\n--port\n0"), FUZZ_SEED("--bind\n"), FUZZ_SEED("-qv\n--threads\n8"),
           FUZZ_SEED("--unix\nx\n--bind\n::1"), FUZZ_SEED("--unix\nx\n--try-ports\n1"), FUZZ_SEED("-h"),
           FUZZ_SEED("--max-connections\n10\n--idle-timeout\n5s\n--max-unsent\n64KiB\n-u"), FUZZ_SEED("--version"),
           FUZZ_SEED("--unix\na\n--unix\nb\n-U\nc"), FUZZ_SEED("--nosuch"), FUZZ_SEED("65536"), FUZZ_SEED("8080"),
           FUZZ_SEED("--completion\nzsh"),
           FUZZ_SEED("--fault\ndrop=1%,delay=1ms-5ms@10%,stall=200ms/10s\n--fault-seed\n2"),
           FUZZ_SEED("--fault\nreset=1MiB,stop-reading,slow-accept=1ms\n--fault\ndelay=normal:2ms/1ms"),
           FUZZ_SEED("--fault\nsilent,refuse,close,truncate=5%\n--tcp\n--threads\n2"),
           FUZZ_SEED("--fault\nreorder=1%\n--tcp"), FUZZ_SEED("--fault\nreset=5\n--udp"),
           FUZZ_SEED("--fault\ngreet=SSH-2.0-test,stop-reading=1MiB,delay=exp:2ms"), FUZZ_SEED("--fault\ngreet=\x01"),
           FUZZ_SEED("--fault\ndrop=?"), FUZZ_SEED("--fault\nstop-reading=x"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char problem[OPTIONS_PROBLEM_SIZE], *words[FUZZ_WORDS_MAX + 1];
  struct settings settings;
  uint16_t port = 0;
  if (!default_port_read(DEFAULT_PORT_VARIABLE, text, 1, &port, problem))
    fuzz_check_sentence(problem, sizeof problem);
  else
    FUZZ_CHECK(port > 0);
  int count = fuzz_words(text, words);
  if (!command_line_read(count, words, NULL, &settings, problem)) {
    fuzz_check_sentence(problem, sizeof problem);
  } else if (!settings.help && !settings.full_help && !settings.version && !settings.schema &&
             settings.completion == NULL) {
    FUZZ_CHECK(settings.tcp || settings.udp || settings.unix_paths.count > 0);
    FUZZ_CHECK(settings.threads >= 1 && settings.threads <= SETTINGS_THREADS_MAX);
    FUZZ_CHECK(!fault_spec_is_on(&settings.faults) || settings.threads == 1);
    for (size_t i = 0; i < WIRE_FAULT_COUNT; i++)
      FUZZ_CHECK(settings.faults.share[i] >= 0 && settings.faults.share[i] <= 1);
    FUZZ_CHECK(settings.max_unsent_bytes >= SETTINGS_UNSENT_LEAST_BYTES);
  }
  free(text);
  return 0;
}
