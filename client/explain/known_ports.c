/* See known_ports.h. The programs' defaults are those of their own documentation. */
#include "client/explain/known_ports.h"

#include <stddef.h>

static const struct {
  uint16_t port;
  const char *user;
} users[] = {
    {1433, "Microsoft SQL Server"},
    {3000, "servers of node, Rails, Next.js and Grafana"},
    {3306, "MySQL and MariaDB"},
    {4200, "Angular's development server"},
    {5000, "Flask, container registries, and AirPlay on macOS"},
    {5173, "Vite"},
    {5432, "PostgreSQL"},
    {5672, "RabbitMQ (AMQP)"},
    {6379, "Redis"},
    {7000, "AirPlay on macOS"},
    {8000, "Django, Uvicorn and python3 -m http.server"},
    {8080, "web servers beside port 80: Tomcat, Spring Boot, proxies"},
    {8443, "web servers with TLS beside port 443"},
    {8888, "Jupyter"},
    {9000, "PHP-FPM and SonarQube"},
    {9090, "Prometheus"},
    {9092, "Kafka"},
    {9200, "Elasticsearch and OpenSearch"},
    {9229, "node's debugger (--inspect)"},
    {11211, "memcached"},
    {11434, "Ollama"},
    {27017, "MongoDB"},
};

/* The "bad ports" of https://fetch.spec.whatwg.org/#port-blocking. */
static const uint16_t refused[] = {
    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,    42,   43,   53,
    69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,   117,  119,  123,
    135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,   530,  531,  532,
    540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720,  1723, 2049, 3659,
    4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
};

const char *known_port_user(uint16_t port) {
  for (size_t i = 0; i < sizeof users / sizeof users[0]; i++)
    if (users[i].port == port) return users[i].user;
  return NULL;
}

bool known_port_refused_by_browsers(uint16_t port) {
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
    if (refused[i] == port) return true;
  return false;
}
