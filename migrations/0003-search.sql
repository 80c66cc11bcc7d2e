-- Full text over every kind of record. Documents stand newest report first, so that the first hits
-- of a word are the newest. U+E000 between two texts keeps a phrase from reaching over both.

CREATE TABLE search_document (
	-- place of `reported` (newest first, none last) << 35 | type << 32 | record, the types numbered:
	-- 0 aid, 1 claim, 2 meeting, 3 participant, 4 source; so a hit says what it is, and hits come
	-- by `reported`, then type and id
	row INTEGER PRIMARY KEY,
	type TEXT NOT NULL, -- kind of the record, by name
	record INTEGER NOT NULL, -- row in that kind's table
	id TEXT NOT NULL, -- of the record
	title TEXT NOT NULL, -- what a list of mixed kinds calls it
	name TEXT NOT NULL, -- a participant's name or a meeting's title; else empty
	text TEXT NOT NULL -- the rest of what is searched
) STRICT;

-- What a record's text is made of, piece by piece.
CREATE TEMP VIEW piece AS
SELECT 1 AS kind, row AS record, 0 AS place, file AS text FROM main.source
UNION ALL SELECT 1, row, 1, publisher FROM main.source WHERE publisher IS NOT NULL
UNION ALL SELECT 1, row, 2, byline FROM main.source WHERE byline IS NOT NULL
UNION ALL SELECT 1, row, 3, note FROM main.source WHERE note IS NOT NULL
UNION ALL SELECT 2, participant, 1, alias FROM main.participant_alias
UNION ALL SELECT 2, participant, 2, title FROM main.participant_title
UNION ALL SELECT 2, row, 3, note FROM main.participant WHERE note IS NOT NULL
UNION ALL SELECT 3, row, 1, place FROM main.meeting WHERE place IS NOT NULL
UNION ALL SELECT 3, row, 2, venue FROM main.meeting WHERE venue IS NOT NULL
UNION ALL SELECT 3, row, 3, note FROM main.meeting WHERE note IS NOT NULL
UNION ALL SELECT 4, a.row, 0, p.name FROM main.aid AS a JOIN main.participant AS p ON p.row = a.donor
UNION ALL SELECT 4, a.row, 1, p.name FROM main.aid AS a JOIN main.participant AS p ON p.row = a.recipient
UNION ALL SELECT 4, aid, 2, item FROM main.aid_item
UNION ALL SELECT 4, row, 3, note FROM main.aid WHERE note IS NOT NULL
UNION ALL SELECT 5, row, 0, statement FROM main.claim
UNION ALL SELECT 5, row, 1, note FROM main.claim WHERE note IS NOT NULL;

CREATE TEMP TABLE described AS
SELECT kind, record, group_concat(text, ' ' || char(0xE000) || ' ') AS text
FROM (SELECT kind, record, text FROM piece ORDER BY kind, record, place)
GROUP BY kind, record;
CREATE UNIQUE INDEX temp.described_record ON described (kind, record);

-- The earliest publication among a record's sources.
CREATE TEMP TABLE first_report AS
SELECT rs.kind, rs.record, min(s.published_first * 100000000 + s.published_last) AS reported
FROM main.record_source AS rs JOIN main.source AS s ON s.row = rs.source
WHERE s.published_first IS NOT NULL
GROUP BY rs.kind, rs.record;
CREATE UNIQUE INDEX temp.first_report_record ON first_report (kind, record);

CREATE TEMP TABLE report AS
SELECT reported, row_number() OVER (ORDER BY reported DESC) AS place
FROM (SELECT DISTINCT reported FROM first_report);
CREATE UNIQUE INDEX temp.report_reported ON report (reported);

INSERT INTO search_document (row, type, record, id, title, name, text)
-- In parentheses: here << and | bind alike.
SELECT (coalesce(r.place, (SELECT count(*) + 1 FROM report)) << 35) | (t.number << 32) | t.record AS row,
	t.type, t.record, t.id, t.title,
	CASE WHEN t.kind IN (2, 3) THEN t.title ELSE '' END, coalesce(d.text, '')
FROM (SELECT 4 AS kind, 0 AS number, 'aid' AS type, a.row AS record, a.id,
		CASE WHEN donor.name IS NOT NULL AND recipient.name IS NOT NULL
				THEN donor.name || ' to ' || recipient.name || ': '
			WHEN donor.name IS NOT NULL THEN donor.name || ': '
			WHEN recipient.name IS NOT NULL THEN 'to ' || recipient.name || ': '
			ELSE '' END || a.amount || ' ' || a.currency || ', ' || a.kind AS title
	FROM main.aid AS a
	LEFT JOIN main.participant AS donor ON donor.row = a.donor
	LEFT JOIN main.participant AS recipient ON recipient.row = a.recipient
	UNION ALL SELECT 5, 1, 'claim', row, id, statement FROM main.claim
	UNION ALL SELECT 3, 2, 'meeting', row, id, title FROM main.meeting
	UNION ALL SELECT 2, 3, 'participant', row, id, name FROM main.participant
	UNION ALL SELECT 1, 4, 'source', row, id, coalesce(publisher, file) FROM main.source) AS t
LEFT JOIN described AS d ON d.kind = t.kind AND d.record = t.record
LEFT JOIN first_report AS f ON f.kind = t.kind AND f.record = t.record
LEFT JOIN report AS r ON r.reported = f.reported
ORDER BY row;

DROP TABLE temp.report;
DROP TABLE temp.first_report;
DROP TABLE temp.described;
DROP VIEW temp.piece;

CREATE VIRTUAL TABLE search USING fts5 (
	name, text,
	content = 'search_document', content_rowid = 'row',
	tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO search (search) VALUES ('rebuild');
CREATE UNIQUE INDEX search_document_record ON search_document (type, record);

-- Meetings, aid and claims in one stream; rows in the order of type and id.
CREATE TABLE chronicle (
	row INTEGER PRIMARY KEY, -- type << 32 | record, as in a search document's
	kind INTEGER NOT NULL, -- as in `record`
	type TEXT NOT NULL CHECK (type IN ('aid', 'claim', 'meeting')), -- the kind by name
	record INTEGER NOT NULL, -- row in that kind's table
	id TEXT NOT NULL, -- of the record
	title TEXT NOT NULL, -- as a search document's
	date TEXT, -- as there, like all that follow
	date_min TEXT, -- earliest day
	date_max TEXT, -- latest day
	date_precision TEXT NOT NULL, -- form of `date`
	date_qualifier TEXT, -- of `date`
	date_basis TEXT, -- of `date`
	first_day INTEGER, -- date_min, or date_max where that is open
	last_day INTEGER -- date_max, or date_min where that is open
) STRICT;
INSERT INTO chronicle (row, kind, type, record, id, title, date, date_min, date_max, date_precision,
	date_qualifier, date_basis, first_day, last_day)
SELECT e.number << 32 | e.record AS row, e.kind, e.type, e.record, e.id, d.title, e.date, e.date_min, e.date_max, e.date_precision,
	e.date_qualifier, e.date_basis, e.first_day, e.last_day
FROM (SELECT 4 AS kind, 0 AS number, 'aid' AS type, row AS record, id, date, date_min, date_max,
		date_precision, date_qualifier, date_basis, first_day, last_day FROM aid
	UNION ALL SELECT 5, 1, 'claim', row, id, date, date_min, date_max,
		date_precision, date_qualifier, date_basis, first_day, last_day FROM claim
	UNION ALL SELECT 3, 2, 'meeting', row, id, date, date_min, date_max,
		date_precision, date_qualifier, date_basis, first_day, last_day FROM meeting) AS e
JOIN search_document AS d ON d.type = e.type AND d.record = e.record
ORDER BY row;
DROP INDEX search_document_record;
