/* Keeps closed standard streams out of the hands of sockets. Prints nothing. */
#include "common/options/standard_streams.h"

#include <uv.h>

void standard_streams_hold(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    uv_fs_t request;
    int code = uv_fs_fstat(NULL, &request, descriptor, NULL);
    uv_fs_req_cleanup(&request);
    if (code != UV_EBADF) continue;
    /* The lowest free descriptor is taken, which is this one. It is opened the wrong way round, so that using it fails:
     * a folder can be neither read nor written, and stands in where a container has no /dev. */
    code = uv_fs_open(NULL, &request, "/dev/null", descriptor == 0 ? UV_FS_O_WRONLY : UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (code >= 0) continue;
    uv_fs_open(NULL, &request, "/", UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
  }
}
