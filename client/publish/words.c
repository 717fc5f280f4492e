/* See words.h. */
#include "client/publish/words.h"

#include <stdbool.h>

#include "client/charts/markup.h"
#include "client/explain/glossary.h"

static size_t place_of(struct words *words, const struct explain_word *word) {
  size_t i = 0;
  while (i < words->count && words->used[i] != word)
    i++;
  if (i == words->count && words->count < WORDS_MAX) words->used[words->count++] = word;
  return i;
}

void words_write_link(struct words *words, const char *word, const char *label, FILE *out) {
  enum explain_word_kind kind;
  const struct explain_word *known = explain_word_find(word, &kind);
  size_t place = known == NULL ? WORDS_MAX : place_of(words, known);
  bool is_linked = place < words->count;
  if (is_linked) fprintf(out, "<a class=\"word\" href=\"#word-%zu\">", place);
  markup_write(out, label);
  if (is_linked) fputs("</a>", out);
}

void words_write_list(const struct words *words, FILE *out) {
  if (words->count == 0) return;
  fputs("<section id=\"words\"><h2>Words</h2><dl>\n", out);
  for (size_t i = 0; i < words->count; i++) {
    const struct explain_word *word = words->used[i];
    fprintf(out, "<div id=\"word-%zu\"><dt>", i);
    markup_write(out, word->name);
    fputs("</dt><dd>", out);
    if (word->summary != NULL) {
      fputs("<b>", out);
      markup_write(out, word->summary);
      fputs(".</b> ", out);
    }
    markup_write(out, word->text);
    for (size_t s = 0; s < EXPLAIN_WORD_STEPS && word->steps[s] != NULL; s++) {
      fputs("<br>", out);
      markup_write(out, word->steps[s]);
    }
    fputs("</dd></div>\n", out);
  }
  fputs("</dl></section>\n", out);
}
