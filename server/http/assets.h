/* The page of --http and its style and script, made from the files of this folder (scripts/embed.sh), with the hashes
 * that the page's policy names: "sha256-...". */
#ifndef LOPING_SERVER_HTTP_ASSETS_H
#define LOPING_SERVER_HTTP_ASSETS_H

/* Lines, with their ends; the last is NULL. */
extern const char *const http_assets_page[];
extern const char *const http_assets_style[];
extern const char *const http_assets_script[];

extern const char http_assets_style_hash[];
extern const char http_assets_script_hash[];

#endif
