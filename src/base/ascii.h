#ifndef BASE_ASCII_H
#define BASE_ASCII_H

/* Not tolower: that one asks the locale. */
static inline char ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

#endif
