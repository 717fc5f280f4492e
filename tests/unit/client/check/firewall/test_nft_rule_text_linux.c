/* Every expression of a table of rules in our own words, held against nft's: the same, or "..." in place of a part;
 * never something else. Needs root and nft; the rules stand in a network namespace of the test's own. */
#include "client/check/firewall/nft_rule_text_linux.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/check/firewall/nft_lookup_linux.h"
#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/nft_print_linux.h"
#include "tests/unit/unit_test.h"

#define LINE_BYTES  2048
#define INET_FAMILY 1 /* linux/netfilter.h: NFPROTO_INET */

/* What is written whole must be: a "..." there is a word lost. */
static const struct {
  const char *rule;
  bool is_whole;
} rules[] = {
    {"tcp dport 7006 drop", true},
    {"tcp dport != 7006 drop", true},
    {"tcp sport 7006 accept", true},
    {"udp dport 53 drop", true},
    {"udp sport 53 reject", true},
    {"sctp dport 53 drop", true},
    {"th dport 53 drop", false},
    {"tcp dport 1000-2000 drop", true},
    {"tcp dport != 1000-2000 drop", true},
    {"tcp dport >= 1000 drop", true},
    {"tcp dport < 1000 drop", true},
    {"tcp dport { 22, 80 } drop", false},
    {"tcp dport != { 22, 80 } drop", false},
    {"tcp dport vmap { 22 : accept, 80 : drop }", false},
    {"tcp dport @ports drop", true},
    {"tcp dport != @ports drop", true},
    {"tcp flags & (syn | ack) == syn drop", false},
    {"tcp flags syn drop", false},
    {"iif lo tcp dport 7006 drop", true},
    {"iif != lo drop", true},
    {"iif lo accept", true},
    {"iifname \"lo\" drop", true},
    {"iifname \"lo*\" drop", true},
    {"iifname != \"eth0\" drop", true},
    {"ip saddr 127.0.0.1 drop", true},
    {"ip saddr != 127.0.0.1 drop", true},
    {"ip daddr 127.0.0.0/8 tcp dport 7006 drop", true},
    {"ip daddr != 10.0.0.0/8 drop", true},
    {"ip saddr 10.16.0.0/12 drop", true},
    {"ip saddr 192.168.7.0/24 drop", true},
    {"ip saddr 10.0.0.1-10.0.0.9 drop", true},
    {"ip saddr @hosts drop", true},
    {"ip saddr @hosts tcp dport 22 drop", true},
    {"ip saddr { 10.0.0.1, 10.0.0.2 } drop", false},
    {"ip ttl 1 drop", true},
    {"ip length > 60 drop", true},
    {"ip protocol icmp drop", true},
    {"ip6 saddr ::1 drop", true},
    {"ip6 daddr fe80::/16 drop", true},
    {"ip6 daddr fe80::/10 drop", true},
    {"ip6 hoplimit 1 drop", true},
    {"icmp type echo-request drop", true},
    {"meta l4proto tcp drop", true},
    {"meta l4proto { tcp, udp } drop", false},
    {"meta nfproto ipv6 drop", true},
    {"meta mark 0x1 drop", true},
    {"meta mark & 0xff == 0x1 drop", false},
    {"meta mark set 0x7 accept", false},
    {"meta skuid 33 drop", true},
    {"meta skuid != 33 tcp dport 7006 drop", true},
    {"meta skuid 1000-2000 drop", true},
    {"meta skgid 33 drop", true},
    {"meta length 100 drop", true},
    {"ct state established,related accept", true},
    {"ct state new tcp dport 7006 drop", true},
    {"ct state invalid drop", true},
    {"ct direction reply accept", true},
    {"ct mark 0x00000001 drop", true},
    {"ct state vmap { established : accept, invalid : drop }", false},
    {"counter drop", true},
    {"tcp dport 7006 counter reject with tcp reset", true},
    {"reject with icmpx admin-prohibited", true},
    {"meta nfproto ipv4 reject with icmp host-unreachable", false},
    {"limit rate 10/second drop", true},
    {"limit rate over 1/minute burst 3 packets drop", true},
    {"limit rate 10 mbytes/second drop", false},
    {"log prefix \"dropped: \" drop", true},
    {"log prefix \"x\" level info drop", true},
    {"log group 2 drop", false},
    {"jump deep", true},
    {"tcp dport 22 goto deep", true},
    {"return", true},
    {"tcp dport 7006 drop comment \"the admin's word\"", true},
    {"ip saddr . tcp dport { 10.0.0.1 . 22 } drop", false},
    {"tcp option maxseg size 1000 drop", false},
    {"@th,16,16 7006 drop", false},
    {"quota over 10 mbytes drop", false},
    {"fib daddr type local drop", false},
    {"numgen random mod 2 0 drop", false},
    {"rt nexthop 10.0.0.1 drop", false},
    {"ether type ip drop", false},
};

/* What the kernel keeps of the rule under test. */
struct kept {
  uint64_t handle;
  char own[RULE_TEXT_SIZE];
};

static void on_rule(void *owner, const struct nft_answer *answer) {
  struct kept *kept = owner;
  struct nft_attribute found;
  if (answer->type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE)) return;
  nft_find(answer->attributes, answer->length, NFTA_RULE_HANDLE, &found);
  kept->handle = nft_u64(&found);
  nft_find(answer->attributes, answer->length, NFTA_RULE_EXPRESSIONS, &found);
  nft_rule_text(answer->family, found.bytes, found.length, kept->own, sizeof kept->own);
}

static void read_kept(struct kept *kept) {
  static struct nft_batch batch;
  memset(&batch, 0, sizeof batch);
  memset(kept, 0, sizeof *kept);
  nft_batch_open(&batch, NFT_MSG_GETRULE, NLM_F_DUMP, INET_FAMILY);
  nft_put_text(&batch, NFTA_RULE_TABLE, "t");
  nft_put_text(&batch, NFTA_RULE_CHAIN, "c");
  nft_batch_close(&batch);
  assert_int_equal(nft_netlink_ask(&batch, on_rule, kept), 0);
}

static int tell_nft(const char *words) {
  FILE *nft = popen("PATH=$PATH:/usr/sbin:/sbin nft -f - 2> /dev/null", "w");
  if (nft == NULL) return -1;
  fputs(words, nft);
  return pclose(nft);
}

/* nft's own line for the rule, without handle and comment. */
static void read_listed(uint64_t handle, char out[LINE_BYTES]) {
  static char listing[16 * LINE_BYTES];
  FILE *nft = popen("PATH=$PATH:/usr/sbin:/sbin nft -a list chain inet t c", "r");
  assert_non_null(nft);
  size_t length = fread(listing, 1, sizeof listing - 1, nft);
  listing[length] = '\0';
  pclose(nft);
  assert_true(nft_print_find_line(listing, handle, out, LINE_BYTES));
  nft_print_cut_comment(out);
}

/* Is `whole` what `text` says, where "..." stands for any words? */
static bool fits(const char *text, const char *whole) {
  if (strncmp(text, "...", 3) == 0) {
    for (const char *rest = whole;; rest++) {
      if (fits(text + 3, rest)) return true;
      if (*rest == '\0') return false;
    }
  }
  if (*text == '\0' || *whole == '\0') return *text == *whole;
  return *text == *whole && fits(text + 1, whole + 1);
}

static int enter_namespace(void **state) {
  (void)state;
  bool is_ready = geteuid() == 0 && unshare(CLONE_NEWNET) == 0 &&
                  system("PATH=$PATH:/usr/sbin:/sbin ip link set lo up") == 0 && tell_nft("table inet t { }\n") == 0;
  if (!is_ready) skip();
  return 0;
}

/* nft 1.1 prints the burst that an older one leaves out, as it is the default. */
static void leave_out_default_burst(const char *own, char *listed) {
  static const char burst[] = " burst 5 packets";
  char *at = strstr(listed, burst);
  if (at == NULL || strstr(own, " burst ") != NULL) return;
  memmove(at, at + sizeof burst - 1, strlen(at + sizeof burst - 1) + 1);
}

/* nft leaves out a condition that another one has anyway, older ones more often: it is true, and may be told. */
static void leave_out_implied(char *own, const char *listed) {
  static const char implied[] = "meta l4proto tcp ";
  size_t length = sizeof implied - 1;
  if (strncmp(own, implied, length) == 0 && strncmp(listed, "meta l4proto", 12) != 0)
    memmove(own, own + length, strlen(own) - length + 1);
}

static void no_rule_is_told_otherwise_than_nft_tells_it(void **state) {
  size_t tried = 0, wrong = 0;
  (void)state;
  if (geteuid() != 0 || tell_nft("table inet t { }\n") != 0) skip();
  for (size_t i = 0; i < COUNT_OF(rules); i++) {
    char words[LINE_BYTES], listed[LINE_BYTES], whole[LINE_BYTES], text[RULE_TEXT_SIZE], comment[RULE_COMMENT_SIZE];
    struct kept kept;
    snprintf(words, sizeof words,
             "flush ruleset\ntable inet t {\nset ports { type inet_service; }\nset hosts { type ipv4_addr; }\n"
             "chain deep { }\nchain c {\n%s\n}\n}\n",
             rules[i].rule);
    /* Not every kernel has every expression. */
    if (tell_nft(words) != 0) {
      print_message("not in this kernel: %s\n", rules[i].rule);
      continue;
    }
    tried++;
    read_kept(&kept);
    read_listed(kept.handle, listed);
    memcpy(whole, listed, sizeof whole);
    leave_out_default_burst(kept.own, listed);
    leave_out_implied(kept.own, listed);
    bool is_right = rules[i].is_whole ? strcmp(kept.own, listed) == 0 : fits(kept.own, listed);
    if (!is_right) print_error("rule: %s\nnft:  %s\nown:  %s\n", rules[i].rule, listed, kept.own);
    wrong += !is_right;
    /* By nft's library, where it is there, the very words. */
    struct nft_rule_place place = {INET_FAMILY, "t", "c", kept.handle};
    nft_lookup_rule(&place, 7006, text, comment, NULL);
    assert_true(fits(text, whole));
    assert_string_equal(comment, strstr(rules[i].rule, "comment") != NULL ? "the admin's word" : "");
  }
  assert_int_equal(wrong, 0);
  assert_true(tried >= 60);
}

static void a_line_is_found_by_its_handle(void **state) {
  static const char listing[] =
      "table inet t { # handle 12\n\tchain c { # handle 2\n\t\ttcp dport 1 drop # handle 12\n"
      "\t\tudp dport 1 drop comment \"a # handle 2\" # handle 3\n\t}\n}\n";
  char line[64];
  (void)state;
  assert_true(nft_print_find_line(listing, 12, line, sizeof line));
  assert_string_equal(line, "tcp dport 1 drop");
  assert_false(nft_print_find_line(listing, 2, line, sizeof line));
  assert_true(nft_print_find_line(listing, 3, line, sizeof line));
  assert_string_equal(line, "udp dport 1 drop comment \"a # handle 2\"");
  nft_print_cut_comment(line);
  assert_string_equal(line, "udp dport 1 drop");
  assert_false(nft_print_find_line(listing, 3, line, 10));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(no_rule_is_told_otherwise_than_nft_tells_it, enter_namespace),
      cmocka_unit_test(a_line_is_found_by_its_handle),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
