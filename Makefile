# loping and lopong. `make help` lists the targets.
#
# Every folder's .c files are found by wildcard; the files of a platform seam (NAME_linux.c, NAME_portable.c) are picked
# by PLATFORM. Objects and programs go to BUILD, so that differently built trees (build/, build/asan/) stand side by side.

PLATFORM ?= $(if $(filter Linux,$(shell uname -s)),linux,portable)
PLATFORMS := linux portable
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
CFLAGS   ?= -O2 -g

PROGRAMS := $(BUILD)/lopong $(BUILD)/loping

.PHONY: all
all: $(PROGRAMS)

# --- what pkg-config says, made once; the libraries are installed first when it finds them missing -----------------
CONFIG := $(BUILD)/config.mk
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
include $(CONFIG)
endif

$(CONFIG): scripts/configure.sh scripts/install-deps.sh
	@scripts/configure.sh $@

# --- compiling -----------------------------------------------------------------------------------------------------
WARNINGS  := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef \
             -Wpointer-arith -Wcast-qual -Wwrite-strings -Wimplicit-fallthrough
HARDENING := $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
SANITIZER := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE    = $(CC) -std=c11 -D_GNU_SOURCE -I. $(CPPFLAGS) $(CFLAGS) $(WARNINGS) $(HARDENING) $(SANITIZER) \
             $(DEPS_CFLAGS) -MMD -MP
LINK       = $(CC) $(CFLAGS) -pie -Wl,-z,relro,-z,now $(SANITIZER) $(LDFLAGS)

OTHER_PLATFORMS := $(filter-out $(PLATFORM),$(PLATFORMS))
platform_files   = $(filter-out $(foreach p,$(OTHER_PLATFORMS),%_$(p).c),$(1))
COMMON_C := $(call platform_files,$(wildcard common/*.c))
SERVER_C := $(call platform_files,$(wildcard server/*.c))
CLIENT_C := $(call platform_files,$(wildcard client/*.c client/*/*.c))
object    = $(patsubst %.c,$(BUILD)/%.o,$(1))

$(BUILD)/%.o: %.c $(CONFIG)
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/libcommon.a: $(call object,$(COMMON_C))
	$(AR) rcs $@ $^

$(BUILD)/lopong: $(call object,$(SERVER_C)) $(BUILD)/libcommon.a
	$(LINK) -o $@ $^ $(DEPS_LIBS)

$(BUILD)/loping: $(call object,$(CLIENT_C)) $(BUILD)/libcommon.a
	$(LINK) -o $@ $^ $(DEPS_LIBS) -lm

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
