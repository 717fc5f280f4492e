# Reads `nm -A` of all objects and names those of common/ that not both programs link: what main needs, what that needs,
# and so on.
#
#   nm -A OBJECTS | awk -v root=build/ -f scripts/find-unshared.awk

{
  colon = index($0, ":")
  object = substr($0, 1, colon - 1)
  sub("^" root, "", object)
  count = split(substr($0, colon + 1), part, " ")
  objects[object] = 1
  if (part[count - 1] ~ /^[TDBRVWC]$/) {
    # The programs may have names in common; each looks in its own room and in common/.
    split(object, place, "/")
    owner[place[1], part[count]] = object
  }
  if (part[count - 1] == "U") wants[object] = wants[object] " " part[count]
}

function link(program, object, names, count, i, other) {
  if ((program, object) in linked) return
  linked[program, object] = 1
  count = split(wants[object], names, " ")
  for (i = 1; i <= count; i++) {
    other = ((program, names[i]) in owner) ? owner[program, names[i]] : owner["common", names[i]]
    if (other != "") link(program, other)
  }
}

END {
  link("server", "server/main.o")
  link("client", "client/main.o")
  for (object in objects) {
    if (object !~ /^common\//) continue
    if (!(("server", object) in linked)) print object ": only loping links it"
    if (!(("client", object) in linked)) print object ": only lopong links it"
  }
}
