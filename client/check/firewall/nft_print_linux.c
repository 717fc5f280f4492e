/* See nft_print_linux.h. libnftables(3): the version of its interface is in the library's name. */
#include "client/check/firewall/nft_print_linux.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/check/firewall/nft_name.h"

#define LIBRARY        "libnftables.so.1"
#define OUTPUT_HANDLE  (1u << 3) /* NFT_CTX_OUTPUT_HANDLE */
#define QUESTION_BYTES 1024

struct nft_ctx;

struct library {
  void *handle;
  struct nft_ctx *(*create)(uint32_t flags);
  void (*destroy)(struct nft_ctx *context);
  void (*set_flags)(struct nft_ctx *context, unsigned flags);
  int (*buffer_output)(struct nft_ctx *context);
  int (*buffer_errors)(struct nft_ctx *context);
  int (*run)(struct nft_ctx *context, const char *text);
  const char *(*output)(struct nft_ctx *context);
};

/* POSIX lets a function's address come as an object's (dlsym(3)); the copy spares the compiler's complaint. */
static bool find_function(void *library, const char *name, void *function, size_t bytes) {
  void *found = dlsym(library, name);
  memcpy(function, &found, bytes);
  return found != NULL;
}

static bool load(struct library *library) {
  library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library->handle == NULL) return false;
  const struct {
    const char *name;
    void *function;
  } functions[] = {{"nft_ctx_new", &library->create},
                   {"nft_ctx_free", &library->destroy},
                   {"nft_ctx_output_set_flags", &library->set_flags},
                   {"nft_ctx_buffer_output", &library->buffer_output},
                   {"nft_ctx_buffer_error", &library->buffer_errors},
                   {"nft_run_cmd_from_buffer", &library->run},
                   {"nft_ctx_get_output_buffer", &library->output}};
  bool is_whole = true;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    is_whole =
        is_whole && find_function(library->handle, functions[i].name, functions[i].function, sizeof library->create);
  if (!is_whole) dlclose(library->handle);
  return is_whole;
}

bool nft_print_find_line(const char *listing, uint64_t handle, char *out, size_t out_bytes) {
  char mark[40];
  snprintf(mark, sizeof mark, " # handle %" PRIu64, handle);
  size_t mark_length = strlen(mark);
  for (const char *line = listing; *line != '\0';) {
    size_t length = strcspn(line, "\n");
    const char *next = line + length + (line[length] == '\n');
    bool is_it = length > mark_length && memcmp(line + length - mark_length, mark, mark_length) == 0;
    size_t indent = strspn(line, "\t ");
    /* The first line of a chain has a handle too, and ends with a brace before it. */
    bool is_head = strncmp(line + indent, "chain ", 6) == 0 || strncmp(line + indent, "table ", 6) == 0;
    if (is_it && !is_head && length - mark_length - indent < out_bytes) {
      snprintf(out, out_bytes, "%.*s", (int)(length - mark_length - indent), line + indent);
      return true;
    }
    line = next;
  }
  return false;
}

void nft_print_cut_comment(char *text) {
  char *last = NULL;
  for (char *found = text; (found = strstr(found, " comment \"")) != NULL; found++)
    last = found;
  if (last != NULL) *last = '\0';
}

static bool print(const struct library *library, const struct nft_printed *printed, char *out, size_t out_bytes) {
  char question[QUESTION_BYTES];
  struct nft_ctx *context = library->create(0);
  bool is_printed = false;
  if (context == NULL) return false;
  int length =
      snprintf(question, sizeof question, "list chain %s %s %s", printed->family, printed->table, printed->chain);
  library->set_flags(context, OUTPUT_HANDLE);
  if (length > 0 && (size_t)length < sizeof question && library->buffer_output(context) == 0 &&
      library->buffer_errors(context) == 0 && library->run(context, question) == 0) {
    const char *listing = library->output(context);
    is_printed = listing != NULL && nft_print_find_line(listing, printed->handle, out, out_bytes);
  }
  library->destroy(context);
  return is_printed;
}

bool nft_print_rule(const struct nft_printed *printed, char *out, size_t out_bytes) {
  struct library library;
  if (geteuid() != 0 || !nft_name_is_plain(printed->table) || !nft_name_is_plain(printed->chain) || !load(&library))
    return false;
  bool is_printed = print(&library, printed, out, out_bytes);
  dlclose(library.handle);
  return is_printed;
}
