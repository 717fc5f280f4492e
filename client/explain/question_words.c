/* What people ask about ports of their own machine, as words. */
#include "client/explain/glossary.h"

static const struct explain_word words[] = {
    {"open-port",
     "|open port|open a port|opening a port|allow port|",
     0,
     EXPLAIN_FACT_SOCKETS | EXPLAIN_FACT_PRIVILEGED,
     "let a port take connections",
     "A port is open when a program listens on it and no firewall is in the way. So there are two things that may be "
     "missing, and `loping check` says which: the server, which you start, or the permission.\n"
     "For this machine alone the server listens on 127.0.0.1, and hardly any firewall stands in the way: where one does, "
     "check prints the one rule that lets this port through on loopback.\n"
     "For other machines the server listens on 0.0.0.0 or ::, and the machine's firewall must let the port in. That opens "
     "it to everybody who can reach this machine.\n"
     "Linux: ufw, firewalld or nftables has the rules, and loping check names the one that is in the way.\n"
     "Windows: Windows Defender Firewall asks when a program first listens, and lists it under Allow an app through "
     "firewall; it does not filter loopback.\n"
     "macOS: System Settings, Network, Firewall lets programs in one by one; pf (pfctl) filters only where somebody has "
     "given it rules.",
     {"see what is missing: loping check PORT", "see what is open to others already: loping ports --exposed",
      "start a server that answers: lopong --port PORT"}},
    {"close-port",
     "|close port|close a port|closing a port|free port|free a port|block port|",
     0,
     EXPLAIN_FACT_SOCKETS,
     "let a port take no connections any more",
     "A port is closed when no program listens on it. So the way is to end the program that has it, or to have it listen "
     "on 127.0.0.1 alone; a firewall's rule only hides a port that is open.\n"
     "Linux: loping ports PORT names the program, where it came from and what ends it: a service's own manager, or kill "
     "with its number.\n"
     "Windows: Task Manager, Details, ends the process whose number netstat -ano | findstr :PORT names; what is to be "
     "reachable from outside is in Windows Defender Firewall.\n"
     "macOS: Activity Monitor ends the process that lsof -nP -iTCP:PORT names; a service comes back unless launchctl is "
     "told.\n"
     "After a server has closed connections itself, its port may rest in TIME_WAIT for a minute: that is not open.",
     {"see who has it: loping ports PORT", "see what other machines can reach: loping ports --exposed",
      "wait until it is free: loping wait --free PORT"}},
    {"is-localhost-safe",
     "|is localhost safe|is localhost secure|localhost safe|localhost secure|dns-rebinding|dns rebinding|rebinding|",
     0,
     EXPLAIN_FACT_SOCKETS,
     "safe from other machines, not from users and pages of this one",
     "What is sent to 127.0.0.1 or ::1 never leaves the machine, and what comes from outside with such an address is "
     "thrown away (RFC 1122, 3.2.1.3). That is all that it protects from.\n"
     "Other users of this machine can connect as well: a port has no owner's permissions. A unix socket has.\n"
     "Browsers: any page that is open here may send requests to 127.0.0.1. It cannot read the answers, unless the server "
     "allows it (CORS), or does not look at the Host header: then a page whose name is made to lead to 127.0.0.1 a moment "
     "later (DNS rebinding) reads them as its own.\n"
     "Tunnels publish a local port on purpose: ssh -R, ngrok, cloudflared, an editor's port forwarding, a container's "
     "published port; under WSL2, Windows passes its localhost on.\n"
     "A server on 0.0.0.0 or :: is not on localhost, and other machines reach it.",
     {"see what other machines can reach: loping ports --exposed",
      "let the server refuse every Host header but its own, and ask for a password or a token",
      "for what one user alone needs, a unix socket: lopong --unix PATH"}},
};

const struct explain_word_table explain_word_questions = {"questions", words, sizeof words / sizeof words[0]};
