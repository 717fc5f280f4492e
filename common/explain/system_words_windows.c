/* The words of Windows. Sources: Microsoft's pages on WSAEACCES (10013), SO_EXCLUSIVEADDRUSE, http.sys, WSL's
 * networking and netsh. */
#include "common/explain/system_words.h"

static const struct system_holder holders[] = {
    {"System", 4,
     "Process 4 is Windows itself: its driver http.sys has the port for IIS, WinRM, SQL Server's reports or another program that has reserved an address there. Ending it is not possible",
     "see which program http.sys serves there: netsh http show servicestate"},
    {"wslrelay", 0, "It passes the port on into WSL2: the server is a program of the Linux that runs there",
     "see the server inside WSL2: wsl -e ss -ltnp \"sport = :PORT\""},
    {"wslhost", 0, "It passes the port on into WSL2: the server is a program of the Linux that runs there",
     "see the server inside WSL2: wsl -e ss -ltnp \"sport = :PORT\""},
    {"com.docker.backend", 0, "It passes on what comes to a container's published port",
     "stop the container: docker ps --filter publish=PORT names it, docker stop NAME stops it"},
    {"svchost", 0,
     "It is a host of Windows' own services; of a port that is passed on (netsh interface portproxy) it is the service iphlpsvc",
     "see which service it is: tasklist /svc /fi \"imagename eq svchost.exe\"   or   netsh interface portproxy show all"},
};

const struct system_words *system_words(void) {
  static const struct system_words words = {
      .end_process = "Stop-Process -Id",
      .between_ids = ",",
      .see_process = "Task Manager (Ctrl-Shift-Esc), Details",
      .withheld =
          "No socket has the port, and Windows withholds it from every program (WSAEACCES, 10013): it lies in a range that is set aside, as Hyper-V, WSL2 and Docker Desktop have some set aside at each start.",
      .show_withheld = "netsh interface ipv4 show excludedportrange protocol=PROTO",
      .held_alone =
          "Its holder has asked for the port alone (SO_EXCLUSIVEADDRUSE): then Windows says that it is forbidden (WSAEACCES, 10013), and not that it is in use.",
      .other_side =
          "With WSL2's mirrored network a program of the Linux there has the port, and Windows names no process for it.",
      .show_other = "wsl -e ss -ltnp \"sport = :PORT\"",
      .firewall =
          "Windows Defender Firewall lets all of loopback through, so the packets are taken by a filter of another product (a virus scanner, a VPN), or by a rule of the Linux inside WSL2.",
      .holders = holders,
      .holder_count = sizeof holders / sizeof holders[0],
  };
  return &words;
}
