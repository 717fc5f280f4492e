/* The styles and the script of what is published, made from the files of this folder (scripts/embed.sh), with the
 * hashes that a page's policy names: "sha256-...". */
#ifndef LOPING_CLIENT_PUBLISH_ASSETS_H
#define LOPING_CLIENT_PUBLISH_ASSETS_H

/* Lines, with their ends; the last is NULL. */
extern const char *const assets_page_style[];    /* chart.css and page.css */
extern const char *const assets_picture_style[]; /* chart.css and picture.css */
extern const char *const assets_page_script[];   /* page.js */

extern const char assets_page_style_hash[];
extern const char assets_picture_style_hash[];
extern const char assets_page_script_hash[];

#endif
