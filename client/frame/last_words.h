/*
 * What is said when the process is aborted. libuv does that where its poller cannot take another socket (no memory, or
 * the watches of fs.epoll.max_user_watches are used up), and libc where its heap is broken. That must not be without a
 * word, and nothing more may be touched.
 */
#ifndef LOPING_CLIENT_FRAME_LAST_WORDS_H
#define LOPING_CLIENT_FRAME_LAST_WORDS_H

/* From here on an abort calls main's handler, which says the sentence and ends the process. */
void last_words_prepare(void (*on_abort)(int number));
void last_words_say(void);

#endif
