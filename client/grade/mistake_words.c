/* The mistakes' names and words; see findings.h. */
#include "client/grade/findings.h"

static const struct {
  const char *name, *words;
} rows[MISTAKES] = {
    [MISTAKE_NONE] = {"none", ""},
    [MISTAKE_ADDS_NEWLINE] =
        {"adds-newline",
         "adds a newline: puts(), println() or a format with \\n sends more than what came; send the bytes that recv() gave, and no others"},
    [MISTAKE_ADDS_NUL] = {"adds-nul",
                          "adds a NUL byte: the text's end mark is sent too (strlen() + 1, or the buffer's own end)"},
    [MISTAKE_ADDS_WORDS_BEFORE] = {"adds-words-before",
                                   "puts words of its own in front of the message: an echo is the same bytes alone"},
    [MISTAKE_SPEAKS_FIRST] = {"speaks-first",
                              "greets each client before anything was said: an echo server has no words of its own"},
    [MISTAKE_SENDS_WHOLE_BUFFER] =
        {"sends-whole-buffer",
         "sends more than came: the size of the buffer (sizeof) instead of what recv() returned, with zeros or an earlier message behind it"},
    [MISTAKE_SENDS_TWICE] =
        {"sends-twice",
         "sends bytes a second time: after a short write of send() the whole buffer is sent again instead of its rest"},
    [MISTAKE_STRIPS_LINE_END] =
        {"strips-line-end",
         "takes blanks or the end of a line away: strip(), trim(), readline() or fgets() treat the bytes as lines of text"},
    [MISTAKE_CHANGES_LETTERS] = {"changes-letters", "changes the case of letters: an echo is the same bytes"},
    [MISTAKE_CHANGES_LINE_ENDS] = {"changes-line-ends",
                                   "changes \\n and \\r\\n into each other: the stream is opened in text mode"},
    [MISTAKE_STRIPS_HIGH_BIT] = {"strips-high-bit",
                                 "clears the eighth bit of each byte: it takes bytes for ASCII (& 0x7f)"},
    [MISTAKE_TAKES_BYTES_FOR_TEXT] =
        {"takes-bytes-for-text",
         "takes bytes for text: decode() and encode() refuse, replace or lengthen those that are no text in their encoding; keep what recv() gave as bytes"},
    [MISTAKE_STOPS_AT_NUL] =
        {"stops-at-nul",
         "stops at a NUL byte: strlen() (or %s, strcpy()) of what recv() returned; recv() says how many bytes there are"},
    [MISTAKE_STOPS_AT_BYTE_255] =
        {"stops-at-byte-255",
         "stops at the byte 255: getc() was kept in a char, in which 255 is the same as EOF; keep it in an int"},
    [MISTAKE_DROPS_AFTER_NEWLINE] =
        {"drops-after-newline",
         "takes one recv() for one line: what came behind the first newline in the same read is thrown away; several messages can come in one read"},
    [MISTAKE_STOPS_AT_BYTE] =
        {"stops-at-byte",
         "gives one byte value a meaning of its own: an echo server has no end mark in the data; the end is recv() returning 0"},
    [MISTAKE_WAITS_FOR_NEWLINE] =
        {"waits-for-newline",
         "answers only when a newline has come: readline(), fgets() or a loop over lines; recv() returns what is there"},
    [MISTAKE_WAITS_FOR_END] =
        {"waits-for-end",
         "answers only when the client has closed its side: it reads until recv() returns 0 before it sends anything"},
    [MISTAKE_CLOSES_AFTER_ONE] =
        {"closes-after-one",
         "closes after one message: recv() and send() need a loop around them until recv() returns 0"},
    [MISTAKE_ONE_RECV] =
        {"one-recv",
         "one send() is taken for one recv(): a long message comes in several reads, so recv() must be called until it returns 0"},
    [MISTAKE_SHORT_WRITE] =
        {"short-write",
         "short write of send() ignored: send() may take fewer bytes than it was given, and returns how many; the rest must be sent again"},
    [MISTAKE_GIVES_UP_AT_FULL] =
        {"gives-up-at-full",
         "gives up when the client reads slowly: send() without room (EAGAIN) means wait and go on, not the end"},
    [MISTAKE_ENDS_EARLY] = {"ends-early", NULL},
    [MISTAKE_KEEPS_BACK] = {"keeps-back", NULL},
    [MISTAKE_DROPS_AT_HALF_CLOSE] =
        {"drops-at-half-close",
         "throws away what it still has to send when the client closes its side: recv() returning 0 means that no more comes; what came before is still owed"},
    [MISTAKE_DOES_NOT_CLOSE] =
        {"does-not-close",
         "does not close: after recv() returned 0 the socket needs a close(), in every process that has it"},
    [MISTAKE_SPINS_AT_END] =
        {"spins-at-end",
         "goes round and round when a client has left: recv() returning 0 is the end, and is not looked at; the connection is never closed, and a CPU is used up"},
    [MISTAKE_DIES_AT_RESET] =
        {"dies-at-reset",
         "ends when one client resets its connection: recv() failing with ECONNRESET concerns that client alone; close its socket, and go on"},
    [MISTAKE_DIES_AT_SIGPIPE] =
        {"dies-at-sigpipe",
         "ends when it writes to a client that went: SIGPIPE ends a program that neither ignores it (signal(SIGPIPE, SIG_IGN)) nor sends with MSG_NOSIGNAL"},
    [MISTAKE_DIES] = {"dies", NULL},
    [MISTAKE_ONE_AT_A_TIME] =
        {"one-at-a-time",
         "serves one client at a time: accept() waits behind read(); a thread, a process or poll() lets several be served"},
    [MISTAKE_MIXES_CLIENTS] =
        {"mixes-clients", "sends one client what another one sent: the clients share a buffer or a socket variable"},
    [MISTAKE_SLOW_READER_STOPS_OTHERS] =
        {"slow-reader-stops-others",
         "waits in send() for one client that reads slowly, and nobody else is served meanwhile: use sockets that do not block, and keep what is left"},
    [MISTAKE_LEAKS_DESCRIPTORS] =
        {"leaks-descriptors",
         "does not close: shutdown() ends a connection and keeps its descriptor; only close() gives it back"},
    [MISTAKE_STOPS_AFTER_CONNECTIONS] = {"stops-after-connections", NULL},
    [MISTAKE_NO_REUSEADDR] =
        {"no-reuseaddr",
         "cannot be started again at once: without SO_REUSEADDR on the listening socket, bind() fails with EADDRINUSE while old connections are in TIME_WAIT"},
    [MISTAKE_NO_IPV6] = {"no-ipv6", "listens on IPv4 alone: a client that looks up localhost may try ::1 first"},
    [MISTAKE_CUTS_DATAGRAMS] =
        {"cuts-datagrams",
         "cuts datagrams: recvfrom() gives as much as the buffer holds, and the rest of the datagram is gone; the buffer needs 65,535 bytes"},
    [MISTAKE_IGNORES_EMPTY] =
        {"ignores-empty",
         "does not answer an empty datagram: recvfrom() returning 0 is a datagram without bytes, and has an echo too"},
    [MISTAKE_ENDS_AT_EMPTY] =
        {"ends-at-empty",
         "takes an empty datagram for the end: of UDP, recvfrom() returning 0 is a datagram without bytes, and nobody has closed anything"},
    [MISTAKE_ANSWERS_WRONG_CLIENT] =
        {"answers-wrong-client",
         "answers another client than the one that asked: the address of recvfrom() is kept from an earlier datagram"},
    [MISTAKE_ANSWERS_FROM_OTHER_PORT] =
        {"answers-from-other-port",
         "answers from another port than the one that was asked: it sends from a second socket, and clients drop what does not come from the address that they asked"},
    [MISTAKE_LOSES_DATAGRAMS] = {"loses-datagrams", NULL},
    [MISTAKE_NO_REPLY] = {"no-reply", NULL},
    [MISTAKE_CLOSES_WITHOUT_REPLY] = {"closes-without-reply", NULL},
    [MISTAKE_REFUSES] = {"refuses", NULL},
    [MISTAKE_DIFFERS] = {"differs", NULL},
};

const char *mistake_name(enum mistake mistake) {
  return rows[mistake].name;
}

const char *mistake_words(enum mistake mistake) {
  return rows[mistake].words;
}

bool mistake_is_no_echo(enum mistake mistake) {
  return mistake == MISTAKE_NO_REPLY || mistake == MISTAKE_CLOSES_WITHOUT_REPLY || mistake == MISTAKE_DIFFERS ||
         mistake == MISTAKE_REFUSES;
}
