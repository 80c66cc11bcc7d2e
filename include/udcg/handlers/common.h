/* Pieces of declarations that several resources share. */
#ifndef UDCG_HANDLERS_COMMON_H
#define UDCG_HANDLERS_COMMON_H

#include <udcg/api/resource.h>

extern const char *const basis_choices[];
extern const char *const qualifier_choices[];
extern const char *const participant_kind_choices[];
extern const char *const role_choices[];
extern const char *const attendance_status_choices[];
extern const char *const mode_choices[];
extern const char *const precision_choices[];
extern const char *const date_qualifier_choices[];

/* kind of a record in SQL: see the table `record` */
#define KIND_SOURCE "1"
#define KIND_PARTICIPANT "2"
#define KIND_MEETING "3"
#define KIND_AID "4"
#define KIND_CLAIM "5"

/* An id of a row that another one names. */
#define ID_OF(table, row) "(SELECT id FROM " table " AS named WHERE named.row = " row ")"
#define NAME_OF(row) "(SELECT name FROM participant AS named WHERE named.row = " row ")"
/* The values of a table's rows in order, as a JSON array. */
#define TEXTS_OF(table, value, condition, order) \
	"(SELECT json_group_array(value) FROM (SELECT " value " AS value FROM " table \
	" WHERE " condition " ORDER BY " order "))"

#define SOURCE_IDS_SQL(kind, row) \
	TEXTS_OF("record_source AS cited JOIN source ON source.row = cited.source", "source.id", \
		"cited.kind = " kind " AND cited.record = " row, "source.row")
/* The publication with the smallest pair of days among a record's sources. */
#define REPORTED_SQL(kind, row) \
	"(SELECT source.published FROM record_source AS cited" \
	" JOIN source ON source.row = cited.source" \
	" WHERE cited.kind = " kind " AND cited.record = " row \
	" AND source.published_first IS NOT NULL" \
	" ORDER BY source.published_first, source.published_last, source.row LIMIT 1)"

#define COLUMN_SOURCE_IDS(kind, row) \
	{ \
		.name = "source_ids", .sql = SOURCE_IDS_SQL(kind, row), .type = VALUE_TEXTS \
	}
#define COLUMN_REPORTED(kind, row) \
	{ \
		.name = "reported", .sql = REPORTED_SQL(kind, row), .nullable = true \
	}
/* date_min … date_basis, as every dated record has them. */
#define COLUMNS_DATED(alias) \
	{.name = "date_min", .sql = alias ".date_min", .nullable = true}, \
		{.name = "date_max", .sql = alias ".date_max", .nullable = true}, \
		{.name = "date_precision", \
			.sql = alias ".date_precision", \
			.choices = precision_choices}, \
		{.name = "date_qualifier", \
			.sql = alias ".date_qualifier", \
			.nullable = true, \
			.choices = date_qualifier_choices}, \
	{ \
		.name = "date_basis", .sql = alias ".date_basis", .nullable = true, \
		.choices = basis_choices \
	}

/* The words of a filter that /v1/vocabulary shows: there, each stands once. */
#define WORDS_SHOWN(resource, filter) \
	"SELECT value AS word FROM vocabulary WHERE resource = '" resource \
	"' AND filter = '" filter "'"

/* Rows of a table that cite one of the sources, and rows that have all the words. */
#define CITES(kind, row) \
	row " IN (SELECT record FROM record_source WHERE kind = " kind " AND source IN ({}))"
#define FOUND(type, row) \
	row " IN (SELECT rowid & 0xffffffff FROM search WHERE search MATCH {}" \
	    " AND (rowid >> 32 & 7) = " type ")"
/* Types of search documents: see the table `search_document` */
#define FOUND_AID "0"
#define FOUND_CLAIM "1"
#define FOUND_MEETING "2"
#define FOUND_PARTICIPANT "3"
#define FOUND_SOURCE "4"

/* Whoever a filter means by naming these participants: a country's persons, too. */
#define SCOPE "SELECT participant FROM participant_scope WHERE scope IN ({})"

/* A citation `c` as an object; its document is joined as `source`. */
#define CITATION_OBJECT \
	"json_object('source', source.id, 'byte_start', c.byte_start, 'byte_end', c.byte_end," \
	" 'sha256', c.sha256, 'supports', json(" TEXTS_OF("fact", \
		"substr(field, length(c.path) + 2)", "fact.citation = c.row", \
		"1") "), 'basis', c.basis, 'reasoning', c.reasoning, 'quote', c.quote," \
		     " 'char_start', c.char_start, 'char_end', c.char_end, 'paragraph', c.paragraph)"

#define INCLUDE_EVIDENCE(of) \
	{ \
		.name = "evidence", \
		.sql = "SELECT " CITATION_OBJECT \
		       " FROM citation AS c JOIN source ON source.row = c.source" \
		       " WHERE c.kind = " of " AND c.record = :row AND c.path = ''" \
		       " ORDER BY c.row" \
	}
#define INCLUDE_SOURCES(of) \
	{ \
		.name = "sources", .resource = &sources_resource, \
		.sql = "SELECT source FROM record_source WHERE kind = " of \
		       " AND record = :row ORDER BY source" \
	}

#endif
