/* The page that a rule's text is written on, and the expressions that do something (count, limit, log, decide) in
 * words. Internal to the rule_trace seam. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_STATEMENT_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_STATEMENT_LINUX_H

#include "client/check/firewall/nft_field_linux.h"
#include "client/check/firewall/nft_message_linux.h"

#define NFT_STATEMENTS_MAX 40
#define NFT_STATEMENT_SIZE 320

/* What a register holds. */
struct nft_loaded {
  bool is_loaded;
  uint32_t register_number;
  unsigned count; /* values loaded since the last statement */
  struct nft_field field;
  uint32_t length;
  uint8_t mask[16];
  size_t mask_length; /* 0: not masked */
};

struct nft_statement {
  bool is_left_out;
  bool is_unknown;
  bool is_implied_protocol; /* a later statement about that protocol's header implies it */
  bool is_implied_family;
  char text[NFT_STATEMENT_SIZE];
};

struct nft_page {
  unsigned table_family;
  struct nft_packet_kind kind;
  struct nft_loaded loaded;
  bool has_range; /* the last statement is the lower end of what may become a range */
  char range_from[NFT_FIELD_TEXT_SIZE];
  struct {
    uint32_t register_number;
    uint8_t bytes[16];
    size_t length;
  } immediate[4];
  size_t immediate_count;
  size_t count;
  struct nft_statement statements[NFT_STATEMENTS_MAX];
};

/* A number among an expression's attributes; 0 where it has none of that type. */
uint32_t nft_page_number(const struct nft_attribute *body, unsigned type);

void nft_page_load(struct nft_page *page, uint32_t register_number, struct nft_field field);

/* Each adds a statement. */
__attribute__((format(__printf__, 2, 3))) void nft_page_say(struct nft_page *page, const char *format, ...);
void nft_page_say_unknown(struct nft_page *page);

/* Marks the last statement as one that a later one may imply. Leaves those out that a field of that header implies now;
 * of a field that is not known it is not known whether nft does. */
void nft_page_mark_implied(struct nft_page *page, bool is_protocol);
void nft_page_drop_implied(struct nft_page *page, bool is_protocol, bool is_known);

/* The last statement is "NAME >= from"; with its upper end it becomes a range. False where there is none. */
void nft_page_open_range(struct nft_page *page, const char *from);
bool nft_page_close_range(struct nft_page *page, const char *name, const char *to);

/* Writes all of it as one line; "..." for what does not fit. */
void nft_page_join(const struct nft_page *page, char *out, size_t out_bytes);

/* Reads an expression that is no comparison, by its kernel name. */
void nft_statement_read(struct nft_page *page, const char *name, const struct nft_attribute *body);

#endif
