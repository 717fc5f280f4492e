# Reads `nm -A` of one program's objects and prints each circle of objects (they use each other in a loop), with the
# names that tie it; then what of common/ one program alone links, if `shared` names the other program's room.
#
#   nm -A OBJECTS | awk -v root=build/ -f scripts/find-circles.awk
#
# Ends with status 1 where a circle was found.

# "build/server/pool.o:0000000000000000 T pool_start" or "build/server/pool.o:                 U server_create"
{
  colon = index($0, ":")
  object = substr($0, 1, colon - 1)
  sub("^" root, "", object)
  count = split(substr($0, colon + 1), part, " ")
  kind = part[count - 1]
  name = part[count]
  if (!(object in number)) {
    number[object] = ++objects
    object_name[objects] = object
  }
  # Capitals are seen by other objects: functions (T), data (D, B, R), weak ones (V, W).
  if (kind ~ /^[TDBRVWC]$/) owner[name] = number[object]
  if (kind == "U") { uses++; user[uses] = number[object]; used[uses] = name }
}

# Tarjan's strongly connected components.
function visit(at, i, other) {
  order[at] = low[at] = ++visits
  stack[++depth] = at
  on_stack[at] = 1
  for (i = 1; i <= degree[at]; i++) {
    other = edge[at, i]
    if (!(other in order)) {
      visit(other)
      if (low[other] < low[at]) low[at] = low[other]
    } else if (on_stack[other] && order[other] < low[at]) {
      low[at] = order[other]
    }
  }
  if (low[at] != order[at]) return
  members = 0
  do {
    other = stack[depth--]
    on_stack[other] = 0
    component[other] = at
    member[++members] = other
  } while (other != at)
  if (members > 1) circles[++circle_count] = at
}

END {
  if (objects == 0) { print "find-circles: no object was read"; exit 1 }
  for (i = 1; i <= uses; i++) {
    other = owner[used[i]]
    if (other == "" || other == user[i]) continue
    pair = user[i] SUBSEP other
    if (!(pair in ties)) edge[user[i], ++degree[user[i]]] = other
    ties[pair] = ties[pair] (ties[pair] == "" ? "" : ", ") used[i]
  }
  for (i = 1; i <= objects; i++) if (!(i in order)) visit(i)
  for (c = 1; c <= circle_count; c++) {
    count = 0
    for (i = 1; i <= objects; i++) count += component[i] == circles[c]
    print "a circle of " count " objects:"
    for (i = 1; i <= objects; i++)
      for (j = 1; component[i] == circles[c] && j <= degree[i]; j++)
        if (component[edge[i, j]] == circles[c])
          print "  " object_name[i] " -> " object_name[edge[i, j]] ": " ties[i SUBSEP edge[i, j]]
  }
  exit circle_count > 0
}
