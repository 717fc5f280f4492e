# loping and lopong. `make help` lists the targets.
#
# Every folder's .c files are found by wildcard; of the files of a platform seam (NAME_linux.c, NAME_posix.c,
# NAME_windows.c, NAME_portable.c) the first is picked that PLATFORM's row has. Objects and programs go to BUILD, so that differently built trees (build/, build/asan/) stand side by side.

SYSTEM   := $(shell uname -s)
PLATFORM ?= $(if $(filter Linux,$(SYSTEM)),linux,$(if $(filter Darwin %BSD DragonFly SunOS,$(SYSTEM)),posix,portable))
PLATFORMS := linux posix windows portable
FILES_OF_linux    := linux posix portable
FILES_OF_posix    := posix portable
FILES_OF_windows  := windows portable
FILES_OF_portable := portable
SEAMS := $(FILES_OF_$(PLATFORM))
ifeq ($(SEAMS),)
$(error PLATFORM=$(PLATFORM) is none of: $(PLATFORMS))
endif
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
CFLAGS   ?= -O2 -g
FUZZ_SECONDS ?= 60
TORTURE_MINUTES ?= 30
# How many jobs the targets that build and test start, unless `make -j` says so itself.
JOBS     ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

EXE_OF_windows := .exe
EXE      := $(EXE_OF_$(PLATFORM))
PROGRAMS := $(BUILD)/lopong$(EXE) $(BUILD)/loping$(EXE)

.PHONY: all
all: $(PROGRAMS) ## build both programs (the default)

define newline


endef
quoted = '$(subst ','\'',$(1))'
# only_said COMMAND: runs it. What it prints, with "|" for the ends of lines, is why nothing can go on, and make's last
# word, so that nothing stands below the way out.
only_said = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),,$(call stop_with,$(shell $(1))))
stop_with = $(if $(strip $(1)),$(error $(subst |,$(newline),$(1))))
install_needs = $(call only_said,scripts/install-deps.sh --for-make $(1))

# --- where it goes -------------------------------------------------------------------------------------------------
# `make clean` deletes BUILD with everything in it, so it is only ever a folder that make made itself: it has a mark.
MADE_HERE := .made-by-make
STRANGE := $(strip $(foreach c,' " ` : ; % * ? ( ) [ ] < > | & \ ! ~ = $$ \#,$(findstring $(c),$(BUILD))) \
             $(filter . ..,$(lastword $(subst /, ,$(BUILD)))))
WANTS_BUILD := $(if $(MAKECMDGOALS),$(filter-out help uninstall,$(MAKECMDGOALS)),all)
NEED_NO_CONFIG := clean help uninstall dist deb static reproducible
WANTS_CONFIG := $(if $(MAKECMDGOALS),$(filter-out $(NEED_NO_CONFIG),$(MAKECMDGOALS)),all)
ifneq ($(WANTS_BUILD),)
ifneq ($(words $(BUILD)),1)
$(error BUILD='$(BUILD)' is not one word; name one folder, such as BUILD=build)
endif
ifneq ($(STRANGE),)
$(error BUILD='$(BUILD)' has what make or the shell takes for something else: $(STRANGE))
endif
FOUND := $(shell test ! -e $(BUILD)/$(MADE_HERE) || { echo made; exit; }; test -e $(BUILD) && echo foreign || echo none)
ifeq ($(FOUND),foreign)
$(error BUILD=$(BUILD) is there already and was not made by this make, and `make clean` would delete all that is in it.$(newline)Name a folder that is not there yet, or remove this one yourself)
endif
endif
ifneq ($(filter-out clean,$(WANTS_BUILD)),)
ifneq ($(shell test -z "$$TMPDIR" || { test -d "$$TMPDIR" && test -w "$$TMPDIR"; } || echo wrong),)
$(error TMPDIR=$(TMPDIR) is not a folder that this user may write to; set it to one, or unset it)
endif
NOT_WRITTEN := $(shell { mkdir -p $(BUILD) && touch $(BUILD)/$(MADE_HERE); } 2>&1)
ifneq ($(NOT_WRITTEN),)
$(error BUILD=$(BUILD) cannot be written to: $(NOT_WRITTEN))
endif
endif

# --- what pkg-config says, asked once; the libraries are installed first when it finds them missing ----------------
CONFIG := $(BUILD)/config.mk
ifneq ($(WANTS_CONFIG),)
include $(CONFIG)
endif

$(CONFIG): scripts/configure.sh
	@$(call only_said,CC=$(call quoted,$(CC)) scripts/configure.sh $@)
	@test -e $@

# --- how to compile ------------------------------------------------------------------------------------------------
WARNINGS  := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef \
             -Wpointer-arith -Wcast-qual -Wwrite-strings -Wimplicit-fallthrough
OPTIMISED := $(if $(SANITIZE),,$(filter-out -O0,$(filter -O%,$(CFLAGS))))
# Fortified calls need an optimiser and hide from the sanitizers what they would report better. Who sets a level keeps it.
FORTIFY   := $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,$(if \
               $(OPTIMISED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(FORTIFY_LEVEL)))
# The two programs are optimised over all of their files: a sixth of the instructions of a round trip. Tests are linked
# as the files are.
WHOLE     := $(if $(OPTIMISED),$(WHOLE_PROGRAM_OPTIONS))
LINK_WHOLE := $(if $(WHOLE),-fno-lto)
# A sanitizer is to see variables that nobody set.
HARDENING := $(FORTIFY) -fstack-protector-strong $(if $(EXE),,-fPIE) $(if $(SANITIZE),,$(HARDENING_OPTIONS))
RELRO     := $(if $(filter Darwin,$(SYSTEM)),,-Wl,-z,relro,-z,now)
comma     := ,
# Of a program for Windows the linker itself makes one that may lie anywhere. All but Windows' own libraries is put inside,
# and no time of day.
PLACED    := $(if $(EXE),-static -fstack-protector-strong -Wl$(comma)--dynamicbase$(comma)--nxcompat$(comma)--high-entropy-va$(comma)--no-insert-timestamp,-pie $(RELRO))
# Windows 10's functions, without what few need of its headers and which names much; and C's own printf(3), not Windows'.
SYSTEM_OF_windows := -D_WIN32_WINNT=0x0A00 -DWIN32_LEAN_AND_MEAN -D__printf__=__gnu_printf__
SANITIZER := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# libuv's own structs have file offsets of 64 bits on every POSIX system, also where a C library's are of 32.
LARGE_FILES := $(if $(filter windows,$(PLATFORM)),,-D_FILE_OFFSET_BITS=64)
COMPILE   := $(CC) -std=c11 -D_GNU_SOURCE $(LARGE_FILES) $(SYSTEM_OF_$(PLATFORM)) -I. $(CPPFLAGS) $(CFLAGS) $(WARNINGS) $(HARDENING) $(WHOLE) $(SANITIZER) $(DEPS_CFLAGS)
LINK       = $(CC) $(CFLAGS) $(LINK_WHOLE) $(PLACED) $(SANITIZER) $(LDFLAGS)

# The twins, for the second system, of the seam files that the first one has.
twins = $(if $(2),$(patsubst %_$(1).c,%_$(2).c,$(filter %_$(1).c,$(3))))
outranked = $(foreach pair,1-2 1-3 2-3,$(call twins,$(word $(word 1,$(subst -, ,$(pair))),$(SEAMS)),$(word \
              $(word 2,$(subst -, ,$(pair))),$(SEAMS)),$(1)))
OTHER_PLATFORMS := $(filter-out $(SEAMS),$(PLATFORMS))
platform_files   = $(filter-out $(foreach p,$(OTHER_PLATFORMS),%_$(p).c) $(call outranked,$(1)),$(1))
# Every file of that pattern in the folder, its rooms and their rooms.
below     = $(wildcard $(1)/$(2) $(1)/*/$(2) $(1)/*/*/$(2) $(1)/*/*/*/$(2) $(1)/*/*/*/*/$(2))
COMMON_C := $(call platform_files,$(call below,common,*.c))
SERVER_C := $(call platform_files,$(call below,server,*.c))
CLIENT_C := $(call platform_files,$(call below,client,*.c))
UNIT_C   := $(call platform_files,$(call below,tests/unit,test_*.c))
FUZZ_C   := $(call platform_files,$(wildcard tests/fuzz/fuzz_*.c))
BENCH_C  := $(filter-out tests/bench/copy_count.c,$(call platform_files,$(wildcard tests/bench/*.c)))
object    = $(patsubst %.c,$(BUILD)/%.o,$(1))
program   = $(patsubst %.c,$(BUILD)/%,$(1))

UNIT_PROGRAMS := $(call program,$(UNIT_C))
FUZZ_PROGRAMS := $(call program,$(FUZZ_C))
BENCH_PROGRAMS := $(call program,$(BENCH_C))

# A line for each file; `make V=1` shows the whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

# Two notes in BUILD, rewritten only when they change: other flags rebuild everything, and a file that was added or
# removed rebuilds the archives.
FLAGS_NOTE := $(BUILD)/flags
FILES_NOTE := $(BUILD)/files
SHEET_FILES := $(sort $(wildcard client/lab/sheets/*.md))
note = $(call note_words,$(1),$(call quoted,$(strip $(2))))
note_words = $(if $(shell test "$$(cat $(1) 2>/dev/null)" = $(2) || printf '%s\n' $(2) > $(1) || echo failed),$(error \
               $(1) cannot be written, so what was built with which flags is not known))
ifneq ($(DEPS_LIBS),)
$(call note,$(FLAGS_NOTE),$(COMPILE) $(LINK) $(DEPS_LIBS))
$(call note,$(FILES_NOTE),$(COMMON_C) $(SERVER_C) $(CLIENT_C) $(SHEET_FILES))
endif
$(FLAGS_NOTE) $(FILES_NOTE):
	@mkdir -p $(@D) && touch $@

$(BUILD)/%.o: %.c $(CONFIG) $(FLAGS_NOTE)
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# The styles and the scripts of pages, as lines of C.
COLOURS := common/look/colours.css
ASSETS := $(BUILD)/client/publish/assets
ASSETS_OF := $(addprefix client/publish/,chart.css page.css picture.css page.js)
ASSETS_ARE := page_style=$(COLOURS)+client/publish/chart.css+client/publish/page.css \
              picture_style=$(COLOURS)+client/publish/chart.css+client/publish/picture.css page_script=client/publish/page.js
$(ASSETS).c: scripts/embed.sh $(COLOURS) $(ASSETS_OF) $(CONFIG)
	@mkdir -p $(@D)
	$(call say,embed  )
	$(Q)scripts/embed.sh client/publish/assets.h assets $(ASSETS_ARE) > $@.new && mv $@.new $@
# Those of lopong's own.
HTTP_ASSETS := $(BUILD)/server/http/assets
HTTP_ASSETS_OF := $(addprefix server/http/,page.html page.css page.js)
HTTP_ASSETS_ARE := page=server/http/page.html style=$(COLOURS)+server/http/page.css script=server/http/page.js
$(HTTP_ASSETS).c: scripts/embed.sh $(COLOURS) $(HTTP_ASSETS_OF) $(CONFIG)
	@mkdir -p $(@D)
	$(call say,embed  )
	$(Q)scripts/embed.sh server/http/assets.h http_assets $(HTTP_ASSETS_ARE) > $@.new && mv $@.new $@
# The sheets of the labs, likewise.
SHEETS := $(BUILD)/client/lab/sheets
$(SHEETS).c: scripts/embed-sheets.sh $(SHEET_FILES) $(CONFIG) $(FILES_NOTE)
	@mkdir -p $(@D)
	$(call say,embed  )
	$(Q)scripts/embed-sheets.sh $(SHEET_FILES) > $@.new && mv $@.new $@
$(ASSETS).o $(HTTP_ASSETS).o $(SHEETS).o: %.o: %.c $(FLAGS_NOTE)
	$(call say,compile)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# --- what to link --------------------------------------------------------------------------------------------------
$(BUILD)/libcommon.a: $(call object,$(COMMON_C)) $(FILES_NOTE)
$(BUILD)/libserver.a: $(call object,$(filter-out %/main.c,$(SERVER_C))) $(HTTP_ASSETS).o $(FILES_NOTE)
$(BUILD)/libclient.a: $(call object,$(filter-out %/main.c,$(CLIENT_C))) $(ASSETS).o $(SHEETS).o $(FILES_NOTE)
$(BUILD)/lib%.a:
	@mkdir -p $(@D) && rm -f $@
	$(call say,archive)
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

link_with = $(LINK) -o $@ $(filter %.o,$^) $(filter-out %/libcommon.a,$(filter %.a,$^)) $(BUILD)/libcommon.a $(1) $(DEPS_LIBS) -lm

$(PROGRAMS): LINK_WHOLE := $(WHOLE)
$(BUILD)/lopong$(EXE): $(BUILD)/server/main.o $(BUILD)/libserver.a $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with)

$(BUILD)/loping$(EXE): $(BUILD)/client/main.o $(BUILD)/libclient.a $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with)

# For another processor, whose libraries are not here (`make check`).
.PHONY: objects
objects: $(call object,$(COMMON_C) $(SERVER_C) $(CLIENT_C)) $(ASSETS).o $(HTTP_ASSETS).o $(SHEETS).o

# --- tests ---------------------------------------------------------------------------------------------------------
# A test is linked with the pure files of the program whose headers it includes, and never with both programs' by default.
tests_of = $(call program,$(shell grep -l '^#include "$(1)/' /dev/null $(UNIT_C) $(FUZZ_C) $(BENCH_C)))
$(call tests_of,server): $(BUILD)/libserver.a
$(call tests_of,client): $(BUILD)/libclient.a

# Asked only by the tests' own recipes: who builds the programs alone needs no cmocka.
$(call object,$(UNIT_C)): CPPFLAGS_CMOCKA = $(shell pkg-config --cflags cmocka)
$(call object,$(UNIT_C)): $(BUILD)/%.o: %.c $(CONFIG) $(FLAGS_NOTE) | test-needs
	@mkdir -p $(@D)
	$(call say,compile)
	$(Q)$(COMPILE) $(CPPFLAGS_CMOCKA) -MMD -MP -c -o $@ $<

$(UNIT_PROGRAMS): %: %.o $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with,$(shell pkg-config --libs cmocka))

# With LIBFUZZER=yes (and clang) the fuzzing engine drives the entry points, otherwise tests/fuzz/driver.c does.
FUZZ_DRIVER := $(if $(LIBFUZZER),,$(BUILD)/tests/fuzz/driver.o)
$(FUZZ_PROGRAMS): %: %.o $(FUZZ_DRIVER) $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with,$(if $(LIBFUZZER),-fsanitize=fuzzer))

# Only what measures a part of ours is linked with it: the floors are bare C.
BENCH_OF_OURS := $(call program,$(shell grep -l '^#include "' /dev/null $(BENCH_C)))
$(BENCH_OF_OURS): %: %.o $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with)

$(filter-out $(BENCH_OF_OURS),$(BENCH_PROGRAMS)): %: %.o
	$(call say,link   )
	$(Q)$(LINK) -o $@ $<

# Stand before libc in the programs of tests and trials, so they are linked with nothing of ours.
SANDBOX_PROBE := $(BUILD)/tests/peers/sandbox_probe.so
TORTURE_LIBRARY := $(BUILD)/tests/torture/fault_preload.so
COPY_COUNTER := $(BUILD)/tests/bench/copy_count.so
$(SANDBOX_PROBE) $(TORTURE_LIBRARY) $(COPY_COUNTER): $(BUILD)/%.so: %.c $(CONFIG) $(FLAGS_NOTE)
	@mkdir -p $(@D)
	$(call say,link   )
	$(Q)$(COMPILE) -fPIC -shared -o $@ $<

# Echo servers that are wrong on purpose, each in its own way, and right ones.
WRONG_SERVERS := $(BUILD)/tests/peers/wrong_servers/streams
WRONG_SERVERS_C := $(wildcard tests/peers/wrong_servers/*.c)
$(WRONG_SERVERS): $(call object,$(WRONG_SERVERS_C))
	$(call say,link   )
	$(Q)$(LINK) -pthread -o $@ $^

.PHONY: test-needs test-programs fuzz-programs bench-programs
test-needs:
	@$(call install_needs,test)
test-programs: $(PROGRAMS) $(UNIT_PROGRAMS) $(FUZZ_PROGRAMS) $(WRONG_SERVERS) $(if $(SANITIZE),,$(SANDBOX_PROBE) $(TORTURE_LIBRARY))
fuzz-programs: $(FUZZ_PROGRAMS)
bench-programs: $(BENCH_PROGRAMS) $(COPY_COUNTER)

# Builds with all CPUs, unless the user's own -j is handed on already.
# In MAKEFLAGS, what comes after "--" are variables.
before_variables = $(if $(filter-out --,$(firstword $(1))),$(firstword $(1)) $(call before_variables,$(wordlist 2,99,$(1))))
JOBS_ARE_GIVEN = $(filter -j% --jobserver-auth=% --jobserver-fds=%,$(call before_variables,$(MAKEFLAGS)))
PARALLEL_MAKE = $(MAKE) --no-print-directory $(if $(JOBS_ARE_GIVEN),,-j$(JOBS))

.PHONY: test
test: test-needs ## build and run all tests, installing what they need
	@$(PARALLEL_MAKE) BUILD=$(BUILD) test-programs
	@scripts/run-tests.sh $(BUILD)

.PHONY: asan
asan: ## run all tests under the address and undefined-behaviour sanitizers
	@$(call install_needs,sanitizers)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS='-O1 -g' test

# Those that concern a server's connections and its end. Not lopong_endpoints.bats, which sends its signals at the very
# start: a signal that comes while a thread waits for the first time is lost by the sanitizer of gcc 12, which makes its
# note of the thread's signals at that moment.
TSAN_THREADS := 4
TSAN_TESTS := $(foreach behaviour,echo http live limits session shutdown threads threads_shutdown udp,tests/cli/lopong_$(behaviour).bats)

.PHONY: tsan
tsan: test-needs ## run the tests of the server with several threads under the thread sanitizer
	@$(call install_needs,sanitizers)
	@$(PARALLEL_MAKE) BUILD=$(BUILD)/tsan SANITIZE=thread CFLAGS='-O1 -g' all
	@LOPONG_THREADS=$(TSAN_THREADS) scripts/run-tests.sh $(BUILD)/tsan $(TSAN_TESTS)

# Those whose bytes must be the same whatever a platform has: streams, with and without copies, and busy-polling.
OTHER_SYSTEM_TESTS := $(wildcard tests/other_systems/*.bats)
PORTABLE_TESTS := $(foreach behaviour,loping_zero_copy busy_poll lopong_echo,tests/cli/$(behaviour).bats) $(OTHER_SYSTEM_TESTS)
# And what macOS and the BSDs share: threads, the folder's lock, the floor, connects of our own.
POSIX_TESTS := $(PORTABLE_TESTS) $(foreach behaviour,lopong_threads lopong_threads_shutdown loping_floor loping_echo,\
                 tests/cli/$(behaviour).bats)

.PHONY: portable posix
portable: test-needs ## run the tests of streams with what other systems get in place of Linux's own files
	@$(PARALLEL_MAKE) BUILD=$(BUILD)/portable PLATFORM=portable all
	@PLATFORM=portable scripts/run-tests.sh $(BUILD)/portable $(PORTABLE_TESTS)
posix: test-needs ## run the tests of what macOS and the BSDs share with the files that they get
	@$(PARALLEL_MAKE) BUILD=$(BUILD)/posix PLATFORM=posix all
	@PLATFORM=posix scripts/run-tests.sh $(BUILD)/posix $(POSIX_TESTS)

# --- Windows: built here by mingw-w64, tried here under wine -----------------------------------------------------------
WINDOWS_CC  ?= x86_64-w64-mingw32-gcc
WINDOWS     := $(BUILD)/windows
WINDOWS_LIBRARIES := $(BUILD)/windows-libraries

$(WINDOWS_LIBRARIES)/lib/pkgconfig/libuv.pc: scripts/build-libraries.sh
	@$(call install_needs,windows)
	@scripts/build-libraries.sh $(WINDOWS_CC) $(WINDOWS_LIBRARIES)

WINDOWS_TEST := $(BUILD)/tests/windows/pure_windows.exe
$(WINDOWS_TEST): $(BUILD)/tests/windows/pure_windows.o $(BUILD)/libserver.a $(BUILD)/libcommon.a
	$(call say,link   )
	$(Q)$(call link_with)

.PHONY: windows test-windows windows-test-program
windows-test-program: $(WINDOWS_TEST)
MAKE_FOR_WINDOWS = PKG_CONFIG_LIBDIR='$(abspath $(WINDOWS_LIBRARIES))/lib/pkgconfig' $(PARALLEL_MAKE) BUILD=$(WINDOWS) PLATFORM=windows \
    CC=$(WINDOWS_CC) AR=$(WINDOWS_CC:gcc=gcc-ar)
windows: $(WINDOWS_LIBRARIES)/lib/pkgconfig/libuv.pc ## build lopong.exe, loping.exe and a zip of both into BUILD/windows
	@$(MAKE_FOR_WINDOWS) all
	@scripts/zip-windows.sh $(WINDOWS)

test-windows: windows all test-needs ## run the tests of the programs for Windows under wine
	@$(call install_needs,wine)
	@$(MAKE_FOR_WINDOWS) windows-test-program
	@scripts/test-windows.sh $(WINDOWS) $(BUILD)

.PHONY: test-page
test-page: test-needs ## look at the page of a result in headless Chromium, installing it
	@$(call install_needs,page)
	@$(PARALLEL_MAKE) BUILD=$(BUILD) all
	@scripts/run-tests.sh $(BUILD) $(wildcard tests/page/*.bats)

.PHONY: test-servers
test-servers: test-needs ## try loping check on real servers (PostgreSQL, nginx, sshd, ...), installing them
	@$(call install_needs,servers)
	@$(PARALLEL_MAKE) BUILD=$(BUILD) all
	@scripts/run-tests.sh $(BUILD) $(wildcard tests/servers/*.bats)

.PHONY: check
check: ## clang-tidy, cppcheck, shellcheck, clang-format, the include arrows, the portable build
	@$(call install_needs,check)
	@scripts/run-checks.sh $(BUILD)

.PHONY: fuzz
fuzz: ## feed every parser mutated input for FUZZ_SECONDS seconds in all (60)
	@$(call install_needs,sanitizers)
	@scripts/run-fuzz.sh $(BUILD) $(FUZZ_SECONDS)

.PHONY: torture
torture: test-needs all $(TORTURE_LIBRARY) ## try faults, hostile peers and load on both programs for TORTURE_MINUTES (30; TORTURE_ARGS)
	@scripts/torture.sh --build $(BUILD) --minutes $(TORTURE_MINUTES) $(TORTURE_ARGS)

.PHONY: fuzz-coverage
fuzz-coverage: ## show how much of each parser its fuzzer reaches in FUZZ_SECONDS seconds in all (60)
	@JOBS=$(JOBS) scripts/fuzz-coverage.sh $(BUILD) $(FUZZ_SECONDS)

.PHONY: bench
bench: all bench-programs ## measure beside bare C and beside the peers, and hold it against the goals (BENCH_ARGS)
	@scripts/bench.sh --build $(BUILD) $(BENCH_ARGS)

# --- packages ------------------------------------------------------------------------------------------------------
# The same source gives the same bytes in every folder: debug information names files from here, or from BUILD. A path
# with a blank cannot be named so.
hide_path = $(if $(word 2,$(1)),,-ffile-prefix-map=$(1)=$(2))
COMPILE += $(call hide_path,$(CURDIR),.) $(if $(filter $(CURDIR)/%,$(abspath $(BUILD))),,$(call hide_path,$(abspath $(BUILD)),build))

.PHONY: dist deb static test-static reproducible
dist: ## write the source archive, which builds and tests outside git, to BUILD/dist
	@scripts/make-dist.sh $(BUILD)/dist

deb: ## build the Debian package of both programs in BUILD/deb, and judge it with lintian
	@JOBS=$(JOBS) scripts/make-deb.sh $(BUILD)/deb
	@lintian --fail-on error --tag-display-limit 0 $(BUILD)/deb/lopong_*.changes

static: ## build both programs with musl in BUILD/static: they need no library and run on any Linux of this processor
	+@MAKE='$(PARALLEL_MAKE)' scripts/make-static.sh $(BUILD)/static

# Those that name hosts, that sandbox themselves, and whose bytes must be the same.
STATIC_TESTS := $(foreach behaviour,lopong_echo lopong_endpoints lopong_given lopong_udp targets loping_echo,tests/cli/$(behaviour).bats)

test-static: test-needs static ## run the tests of a few behaviours with the static programs
	@scripts/run-tests.sh $(BUILD)/static $(STATIC_TESTS)

reproducible: ## build archive and package twice, in other folders, with other jobs and time zones: the bytes are the same
	@scripts/install-deps.sh deb
	@scripts/check-reproducible.sh

# --- everything else -----------------------------------------------------------------------------------------------
.PHONY: demo
demo: all ## install what is missing, build, start the server and measure it
	@scripts/demo.sh $(BUILD)

# Where the shells look for the completion of a program, for bash, zsh and fish. What lies there asks the installed
# program, so that nothing is run here: it may be for another processor.
COMPLETION_OF_bash = share/bash-completion/completions/$(1)
COMPLETION_OF_zsh  = $(ZSH_FUNCTIONS)/_$(1)
COMPLETION_OF_fish = share/fish/vendor_completions.d/$(1).fish
ZSH_FUNCTIONS     ?= share/zsh/site-functions
COMPLETION_SHELLS := bash zsh fish
COMPLETION_FILES   = $(foreach program,lopong loping,$(foreach shell,$(COMPLETION_SHELLS),$(call COMPLETION_OF_$(shell),$(program))))
in_root = '$(DESTDIR)$(PREFIX)/$(1)'
define install_completion
	install -d $(call in_root,$(dir $(call COMPLETION_OF_$(1),$(2))))
	sed 's/PROGRAM/$(2)/g' scripts/completions/$(1) > $(call in_root,$(call COMPLETION_OF_$(1),$(2)))
	chmod 644 $(call in_root,$(call COMPLETION_OF_$(1),$(2)))

endef

.PHONY: install uninstall
install: all ## copy the programs, man pages and completions below DESTDIR and PREFIX (/usr/local)
	install -d $(call in_root,bin) $(call in_root,share/man/man1) $(call in_root,share/man/man5)
	install -m 755 $(PROGRAMS) $(call in_root,bin/)
	install -m 644 server/lopong.1 client/loping.1 $(call in_root,share/man/man1/)
	install -m 644 server/lopong-json.5 client/loping-json.5 $(call in_root,share/man/man5/)
	install -d $(call in_root,share/loping/labs)
	install -m 644 $(SHEET_FILES) $(call in_root,share/loping/labs/)
	$(foreach shell,$(COMPLETION_SHELLS),$(foreach program,lopong loping,$(call install_completion,$(shell),$(program))))
uninstall: ## remove what `make install` copied
	rm -f $(call in_root,bin/lopong) $(call in_root,bin/loping)
	rm -f $(call in_root,share/man/man1/lopong.1) $(call in_root,share/man/man1/loping.1)
	rm -f $(call in_root,share/man/man5/lopong-json.5) $(call in_root,share/man/man5/loping-json.5)
	rm -rf $(call in_root,share/loping/labs)
	rm -f $(foreach file,$(COMPLETION_FILES),$(call in_root,$(file)))

.PHONY: clean
clean: ## remove BUILD (build/)
	@rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@echo
	@echo 'Variables: BUILD (build), PREFIX (/usr/local), DESTDIR, CC, CFLAGS (-O2 -g), PLATFORM (linux, posix, windows, portable), V=1.'

ALL_OBJECTS := $(call object,$(COMMON_C) $(SERVER_C) $(CLIENT_C) $(UNIT_C) $(FUZZ_C) $(BENCH_C) $(WRONG_SERVERS_C) tests/fuzz/driver.c)
-include $(wildcard $(ALL_OBJECTS:.o=.d))
