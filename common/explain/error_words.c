/* The error codes that a user of sockets meets, each in a few words. Sources: connect(2), bind(2), listen(2),
 * accept(2), send(2), recv(2), socket(2), tcp(7), udp(7), errno(3). */
#include "common/explain/error_words.h"

#include <errno.h>
#include <uv.h>

static const struct {
  int code;
  const char *summary;
} words[] = {
    {UV_ECONNREFUSED, "connection refused"},
    {UV_ETIMEDOUT, "no answer"},
    {UV_EADDRINUSE, "the port is in use"},
    {UV_EADDRNOTAVAIL, "that address is not to be had"},
    {UV_EACCES, "not allowed"},
    {UV_EPERM, "not allowed"},
    {UV_ECONNRESET, "the connection was reset"},
    {UV_ECONNABORTED, "the connection was broken off"},
    {UV_EPIPE, "the other end is closed"},
    {UV_EOF, "the other end has finished"},
    {UV_EHOSTUNREACH, "it cannot be reached"},
    {UV_ENETUNREACH, "there is no route to that network"},
    {UV_ENETDOWN, "the network interface is down"},
    {UV_EMFILE, "no file descriptor is left"},
    {UV_ENFILE, "the machine has no file descriptor left"},
    {UV_ENOBUFS, "the network has no buffer left"},
    {UV_ENOMEM, "not enough memory"},
    {UV_EAGAIN, "not ready yet"},
    {-EINPROGRESS, "under way"},
    {UV_EALREADY, "it is under way already"},
    {UV_EISCONN, "it is connected already"},
    {UV_ENOTCONN, "it is not connected"},
    {UV_EINTR, "interrupted by a signal"},
    {UV_EINVAL, "the system does not take that"},
    {UV_EAFNOSUPPORT, "this kind of address is not supported"},
    {UV_EPROTONOSUPPORT, "this protocol is not supported"},
    {UV_EMSGSIZE, "the message is too long"},
    {UV_EDESTADDRREQ, "no destination was given"},
    {UV_ENOTSOCK, "it is no socket"},
    {UV_EBADF, "the file is not open"},
    {UV_ENOENT, "there is no such file"},
    {UV_EIO, "reading or writing failed"},
    {UV_ECANCELED, "it was called off"},
    {UV_EAI_NONAME, "the name is not known"},
    {UV_EAI_AGAIN, "the name service does not answer now"},
};

const char *explain_code_summary(int code, char *out, size_t out_bytes) {
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (words[i].code == code) return words[i].summary;
  uv_strerror_r(code, out, out_bytes);
  return out;
}
