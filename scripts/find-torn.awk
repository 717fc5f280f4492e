# Names the lines of C sources on which a literal ends although the first word of its next piece would have fitted.
#
#   awk -f scripts/find-torn.awk FILE.c...

BEGIN { columns = 120 }

FNR == 1 { before = "" }

{
  is_piece = $0 ~ /^ *"/
  if (is_piece && before != "") {
    piece = $0
    sub(/^ *"/, "", piece)
    word = piece
    sub(/[ "].*/, "", word)
    # The blank stands at the end of the piece before.
    if (before !~ /\\n"$/ && piece !~ /^\\x/ && length(before) + length(word) + 1 <= columns - 3)
      print FILENAME ":" FNR - 1 ": " before
  }
  before = $0 ~ /[A-Za-z,;:.)%] *"$/ && $0 !~ /#include/ ? $0 : ""
}
